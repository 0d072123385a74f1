import { preprocess, type Rgba } from '#lib/images/index.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { ProgramSession } from '#lib/live/program-session.svelte.ts';
import { pictureOf, type InputValues } from '#lib/models/registry.ts';
import { pixelSpec } from '#lib/pictures/small.svelte.ts';
import type { ComposedStep } from '#lib/programs/compose.ts';
import {
  PROGRAM,
  SHOWN,
  type PaintAndClassify,
  type Shown,
} from '#lib/programs/paint-and-classify/program.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { feedOf, type Conditions } from './feed.ts';
import { keeper } from './lookup.ts';
import { MODELS, type Source } from './sources.ts';

/** What is painted for which classifier. */
interface Asked {
  readonly painter: Source;
  readonly classifier: Source;
  readonly picture: Rgba | undefined;
  readonly wish: Conditions;
}

/** Trained models that could paint a picture for an opened one; none where it is no classifier of photos. */
export function paintersFor({ trained, blueprint, diffusion }: Source): readonly Source[] {
  if (!trained || !PROGRAM.parts.classifier!.fits({ ...blueprint, ...(diffusion && { diffusion }) }))
    return [];
  return [...MODELS.values()].filter(({ blueprint: of }) => PROGRAM.parts.painter!.fits(of));
}

/** A classifier that is fed what an autoencoder has painted: the program of the two, run as the reader asks for it. */
export class PaintedFeed {
  readonly #asked: () => Asked | undefined;
  readonly #kept = keeper<ProgramSession<PaintAndClassify, ComposedStep>>();
  readonly #engine: Engine;
  readonly #live: (name: string) => LiveModel;

  /** Make it while the component is made. @param asked reactive @param live the running model of that name */
  constructor(engine: Engine, live: (name: string) => LiveModel, asked: () => Asked | undefined) {
    this.#engine = engine;
    this.#live = live;
    this.#asked = asked;
    $effect(() => {
      const { session, spec } = this;
      if (session) session.spec = spec;
    });
  }

  /** Undefined while none is asked for. */
  readonly session: ProgramSession<PaintAndClassify, ComposedStep> | undefined = $derived.by(() => {
    const asked = this.#asked();
    if (!asked) return undefined;
    const [painter, classifier] = [asked.painter.name, asked.classifier.name];
    return this.#kept(`${painter} ${classifier}`, () => {
      const parts = { painter: this.#live(painter), classifier: this.#live(classifier) };
      return new ProgramSession(this.#engine, PROGRAM, parts);
    });
  });
  /** What the painter is fed: the picture in its own size, and the patches that the reader or the seed has chosen. */
  readonly spec: PaintAndClassify | undefined = $derived.by(() => {
    const asked = this.#asked();
    const size = asked && pictureOf(asked.painter.blueprint);
    if (!asked?.picture || !size) return undefined;
    const own = this.#live(asked.painter.name).config?.preprocessing;
    const picture = preprocess(asked.picture, own ?? pixelSpec([size.height, size.width], size.channels));
    const painter = feedOf(asked.painter, { picture }, asked.wish);
    return painter && { painter };
  });

  /** The newest values: the three pictures in the classifier's size, and its probabilities for each. */
  get values(): ComposedStep['values'] {
    return this.session?.steps.at(-1)?.values ?? {};
  }
  /** What the classifier is fed of one of the three pictures; undefined until the program has come so far. */
  feed(which: Shown): InputValues | undefined {
    return this.session?.steps[1 + SHOWN.indexOf(which)]?.inputs;
  }
}
