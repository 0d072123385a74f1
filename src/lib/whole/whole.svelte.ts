import { getContext, setContext, untrack } from 'svelte';
import { sizeOf, type Tensor } from '#lib/base/tensor.ts';
import { split } from '#lib/diffusion/math/convert.ts';
import { momentOf } from '#lib/diffusion/math/spec.ts';
import type { Ground } from '#lib/figures/scales.ts';
import { describe, shownShape } from '#lib/graph/index.ts';
import { preprocess } from '#lib/images/index.ts';
import { feedOf } from '#lib/inspector/feed.ts';
import { isCell } from '#lib/inspector/shown.ts';
import type { Source } from '#lib/inspector/sources.ts';
import { timePasses } from '#lib/live/latest-pass.svelte.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import {
  familyOf,
  graphOf,
  pixelInputOf,
  neutralOf,
  pictureOf,
  withVariant,
  type Variant,
} from '#lib/models/registry.ts';
import type { Walk } from '#lib/models/walk.ts';
import { FollowedPicture } from '#lib/pictures/followed.svelte.ts';
import { pixelSpec } from '#lib/pictures/small.svelte.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { hasRoom } from '#lib/runtime/memory.ts';
import { readLink, writeLink, type LinkProblem } from '#lib/state/permalink.ts';
import { defaultsOf } from '#lib/state/schema.ts';
import { IMPLIED } from './frame.ts';
import { mapOf } from './kept.ts';
import { layoutOf, type Layout } from './layout.ts';
import { originOf, type Origin } from './origin.ts';
import { shapeOf } from './pick.ts';
import type { Plate } from './plates.ts';
import { wholeState, type WholeState } from './state.ts';
import type { Surface } from './surface.ts';
import { Surfaces, type ToPaint } from './surfaces.svelte.ts';
import { Weights } from './weights.svelte.ts';

/** Bytes of tensors that are held at once, and on a device with little memory. */
const BUDGET = 112e6;
const SMALL_BUDGET = 40e6;

/** A part that the reader looks at, and a cell of it. */
export interface Looked {
  readonly plate: Plate;
  /** Without a batch of one; of a weight in its stored shape. */
  readonly index?: readonly number[] | undefined;
}

/** What the parts of the page share: a model, its drawing, what the reader has set, and what is painted. */
export class Whole {
  readonly source: Source;
  readonly walk: Walk;
  readonly live: LiveModel;
  readonly state: WholeState = $state(defaultsOf(wholeState));
  problems = $state.raw<readonly LinkProblem[]>([]);
  /** Id of the stop of the walk; undefined: the reader goes freely. */
  stop = $state<string>();
  /** Width of the window over its height. */
  aspect = $state(2);
  /** What the pointer is over. */
  hover = $state.raw<Looked>();
  /** The group whose parts are gone through with the keyboard. */
  entered = $state<string>();
  readonly budget = hasRoom() ? BUDGET : SMALL_BUDGET;
  readonly surfaces = new Surfaces();
  readonly weights: Weights;
  readonly #implied = new Surfaces();
  /** Times of the process, by the states that were made for them. */
  readonly #times = new WeakMap<Float32Array, number>();
  readonly seen: FollowedPicture;

  /** Make it while the component is made. */
  constructor(engine: Engine, source: Source, walk: Walk, ground: () => Ground) {
    this.source = source;
    this.walk = walk;
    this.live = new LiveModel(engine, source.name, { ahead: false });
    this.weights = new Weights(this.live);
    this.seen = new FollowedPicture(this, this.state, 'pic');
    $effect(() => {
      const { variant, feed } = this;
      // The wish is followed; how far the model has come with it is no reason to wish once more.
      untrack(() => {
        this.live.variant = variant;
        this.live.inputs = feed;
      });
    });
    $effect(() => {
      const list = this.#arrived;
      const { generation } = this.live.tensors;
      const now = ground();
      untrack(() => void this.surfaces.show(list, `${generation} ${this.patch ?? 0}`, now));
    });
    $effect(() => {
      const now = ground();
      const plates = this.layout.plates;
      const { all } = this.weights;
      untrack(() => void this.weights.paint(plates, all, now));
    });
    $effect(() => {
      const x0 = this.#x0Hat;
      const now = ground();
      untrack(() => void this.#implied.show(x0 ? [x0] : [], x0?.tensor.data, now));
    });
    timePasses(() => this.live);
  }

  /** Takes over what a link says. */
  read(search: string): void {
    const link = readLink(wholeState, search);
    Object.assign(this.state, link.state);
    const { p } = this.state;
    const size = p === 0 || this.patches.includes(p);
    if (!size) this.state.p = 0;
    const stop = link.step === undefined || this.stops.some((s) => s.id === link.step);
    this.stop = stop ? link.step : undefined;
    const { t } = this.state;
    const part = t === '' || this.plate(t) !== undefined;
    if (!part) Object.assign(this.state, { t: '', cell: [] });
    const wrong = (field: string, raw: string, right: boolean): readonly LinkProblem[] =>
      right ? [] : [{ kind: 'field', field, raw }];
    this.problems = [
      ...link.problems,
      ...wrong('p', String(p), size),
      ...wrong('s', link.step ?? '', stop),
      ...wrong('t', t, part),
    ];
  }
  get link(): string {
    return writeLink(wholeState, this.state, this.stop === undefined ? {} : { step: this.stop });
  }

  get family() {
    return familyOf(this.source.blueprint.architecture);
  }
  /** Patch sizes that can be chosen; none where the model has one alone. */
  get patches(): readonly number[] {
    return this.family.variants?.fields.includes('patch') ? this.source.patchSizes : [];
  }
  /** Side of a patch in pixels; undefined for a network that cuts none. */
  get patch(): number | undefined {
    const { patch } = this.source.blueprint.config as { readonly patch?: unknown };
    return this.state.p || (typeof patch === 'number' ? patch : undefined);
  }
  readonly variant: Variant = $derived.by((): Variant => (this.state.p > 0 ? { patch: this.state.p } : {}));
  readonly blueprint = $derived.by(() => withVariant(this.source.blueprint, this.variant));
  readonly graph = $derived.by(() => graphOf(this.blueprint));
  readonly description = $derived.by(() => describe(this.graph));
  readonly answer = $derived.by(() => this.family.answer(this.blueprint.config));
  readonly stops = $derived.by(() => this.walk.stops(this.blueprint.config));
  readonly lead = $derived.by(() => this.walk.lead(this.blueprint.config));
  readonly pictureName = $derived.by(() => pixelInputOf(this.blueprint)?.name);
  /** The tensor that is the answer, as it is drawn large. */
  readonly answerName = $derived.by(() => ('tensor' in this.answer ? this.answer.tensor : this.answer.probs));
  readonly layout: Layout = $derived.by(() => {
    const neutral = neutralOf(this.blueprint);
    return layoutOf(this.graph, {
      aspect: this.aspect,
      picture: this.pictureName,
      answer: this.answerName,
      answerIsPicture: this.answer.kind !== 'classes',
      implies: this.source.diffusion !== undefined && this.answer.kind === 'picture',
      without: (name) => Object.hasOwn(neutral, name),
    });
  });
  readonly #plates = $derived.by(() =>
    mapOf(this.layout.plates.flatMap((p) => [...p.also, p.name].map((n) => [n, p] as const))),
  );
  /** The plate of a tensor, of its copy, or of a weight. */
  plate(name: string): Plate | undefined {
    return this.#plates.get(name);
  }
  /** What is painted on a plate. */
  surface(name: string): Surface | undefined {
    return this.surfaces.get(name) ?? this.weights.surface(name) ?? this.#implied.get(name);
  }

  /** The part that is chosen: it stays while the pointer wanders. */
  readonly chosen: Looked | undefined = $derived.by(() => {
    const { t, cell } = this.state;
    const plate = t ? this.plate(t) : undefined;
    return plate && { plate, index: isCell(cell, shapeOf(plate)) ? cell : undefined };
  });
  choose(plate: Plate | undefined, index: readonly number[] = []): void {
    Object.assign(this.state, { t: plate?.name ?? '', cell: index });
  }
  /** What is looked at: under the pointer, else what is chosen. */
  readonly looked: Looked | undefined = $derived.by(() => this.hover ?? this.chosen);
  readonly origin: Origin | undefined = $derived.by(() => this.#originOf(this.looked));
  readonly chosenOrigin: Origin | undefined = $derived.by(() => this.#originOf(this.chosen));
  #originOf({ plate, index }: Partial<Looked> = {}): Origin | undefined {
    return plate && index && originOf(this.graph, { plate, index }, (n) => this.plate(n));
  }

  readonly #x0 = $derived.by(() => {
    const size = pictureOf(this.source.blueprint);
    const { rgba } = this.seen.picture;
    if (!rgba || !size) return undefined;
    const own = this.source.diffusion ? undefined : this.live.config?.preprocessing;
    return preprocess(rgba, own ?? pixelSpec([size.height, size.width], size.channels));
  });
  readonly feed = $derived.by(() => {
    const { at, y, seed } = this.state;
    const feed = feedOf(this.source, { picture: this.#x0 }, { at, y, seed, keep: [] });
    const x = feed?.[this.pictureName ?? ''];
    if (x) this.#times.set(x, at);
    return feed;
  });
  /** What is fed, with the answer that is shown: until there is one, what will be fed. */
  readonly #fed = $derived.by(() => this.live.shown?.inputs ?? this.feed);

  readonly #arrived: readonly ToPaint[] = $derived.by(() =>
    this.layout.plates.flatMap((plate) => {
      if (plate.kind === 'weight') return [];
      const tensor = plate.value.kind === 'input' ? this.#given(plate) : this.live.tensors.get(plate.name);
      // While the drawing is of another patch size than the answer, the answer's tensors have no place in it.
      return tensor && tensor.data.length === sizeOf(plate.value.shape) ? [{ plate, tensor }] : [];
    }),
  );
  /** Time of the process that the answer on show is for; undefined for a model without one. */
  readonly shownTime = $derived.by(() => {
    const x = this.#fed?.[this.pictureName ?? ''];
    return x && this.#times.get(x);
  });
  /**
   * The picture that a denoiser's prediction implies: x = a·x0 + b·ε and the prediction, solved for x0 (split). Of the
   * answer on show; undefined where it is none.
   */
  readonly #x0Hat: ToPaint | undefined = $derived.by(() => {
    const { diffusion } = this.source;
    const [x, plate] = [this.#fed?.[this.pictureName ?? ''], this.plate(this.answerName)];
    const prediction = plate && this.live.tensors.get(plate.name);
    const t = this.shownTime;
    if (!diffusion || !x || !prediction || t === undefined || prediction.data.length !== x.length)
      return undefined;
    const moment = momentOf(diffusion, t);
    if (moment.process.signalRate(moment.t) === 0) return undefined;
    const { x0 } = split(diffusion.prediction, moment.process, moment.t, x, prediction.data, [-1, 1]);
    return { plate: { ...plate, name: IMPLIED }, tensor: { ...prediction, name: IMPLIED, data: x0 } };
  });
  #given({ name, value }: Plate): Tensor | undefined {
    const data = this.#fed?.[name];
    return data && { name, ...shownShape(value, name), data };
  }
}

const KEY = Symbol('whole');
export function provideWhole(whole: Whole): Whole {
  return setContext(KEY, whole);
}
export function useWhole(): Whole {
  return getContext<Whole>(KEY);
}
