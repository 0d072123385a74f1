import { getContext, setContext, untrack } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';
import { FIRST_PRESET } from '#lib/models/first-model.ts';
import {
  ConfigError,
  familyOf,
  graphOf,
  inputsOf,
  neutralOf,
  pictureOf,
  variantOf,
  type Blueprint,
  type InputSpec,
  type InputValues,
  type Variant,
} from '#lib/models/registry.ts';
import { outline, partAxis, partOf, wholeOf, type Graph, type Value } from '#lib/graph/index.ts';
import { FollowedPicture } from '#lib/pictures/followed.svelte.ts';
import type { ShownPicture } from '#lib/pictures/shown.svelte.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { textInputOf } from '#lib/models/words.ts';
import { timePasses } from '#lib/live/latest-pass.svelte.ts';
import { tensorOf, type Network } from '#lib/live/make-tensor.svelte.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import { TensorStore } from '#lib/live/tensor-store.svelte.ts';
import { readLink, writeLink, type LinkProblem } from '#lib/state/permalink.ts';
import { defaultsOf } from '#lib/state/schema.ts';
import { sizeOf } from '#lib/base/tensor.ts';
import { OPENED, type OwnModel, type ToOpen } from '#lib/own/page/opened.svelte.ts';
import { digestIn } from '#lib/own/reading/name.ts';
import { costsOf, descriptionOf, firstOpen, keeper, operandsOf, outlineOf, readersOf } from './lookup.ts';
import { feedOf, framesOf, patchChoiceOf, pictureFed, samplingOf, takesPhotos, textsOf } from './feed.ts';
import { strangersIn } from './illegal-link.ts';
import { AS_OPENED, changed, interventionsOf } from './interventions.ts';
import { PaintedFeed, paintersFor } from './painted-feed.svelte.ts';
import { Sampled } from './sampled.svelte.ts';
import { silenceOf, type Silence } from './silence.ts';
import { MODELS, sourceOf, type Source } from './sources.ts';
import { checkKind } from './check-kind.ts';
import { inspectorState, MOST_PINS, type InspectorState } from './state.ts';
import type { Setting } from '#lib/state/settings.ts';
import { TextsFeed } from './texts-feed.svelte.ts';
import { allRows, pathTo, treeOf } from './tree.ts';

/** A tensor of more bytes than this is not fetched whole; a part of it is. */
export const MOST_BYTES = 64e6;

/** What a model without a run has of values. */
const NO_VALUES = new TensorStore();

/** Everything the panes of the inspector share: what is opened, its graph, its running models, the reader's choices. */
export class Inspector {
  readonly engine: Engine;
  readonly state: InspectorState = $state(defaultsOf(inspectorState));
  problems = $state.raw<readonly LinkProblem[]>([]);
  /** What is to be opened of the reader's: `{}` asks for files. Undefined: the dialog is closed. */
  dialog = $state.raw<ToOpen>();
  /** Rows of the outline, and with them blocks of the drawing, that are unfolded; ids as in tree.ts. */
  readonly open = new SvelteSet<string>();
  readonly #first: FollowedPicture;
  readonly #second: FollowedPicture<'bpic'>;
  /** A run of the denoiser whose states it is fed, where the link names one. */
  readonly sampled: Sampled;
  /** What an autoencoder paints for the opened classifier, where the link names one. */
  readonly painted: PaintedFeed;
  /** The tokens of the texts that the opened model is fed. */
  readonly words: TextsFeed;
  readonly #kept = keeper<LiveModel>();

  constructor(engine: Engine) {
    this.engine = engine;
    this.#first = new FollowedPicture(this, this.state, 'pic');
    this.#second = new FollowedPicture(this, this.state, 'bpic', () => this.state.b === 'picture');
    this.sampled = new Sampled(engine, () => {
      const settings = this.live && samplingOf(this.source, this.#x0, this.state);
      return settings && { model: this.source.own ?? this.source.name, settings };
    });
    this.painted = new PaintedFeed(
      engine,
      (name) => this.#live(name),
      () => {
        const { source: classifier, state: wish, live } = this;
        const painter = live && paintersFor(classifier).find(({ name }) => name === wish.via);
        return painter && { painter, classifier, picture: this.picture.rgba, wish };
      },
    );
    this.words = new TextsFeed(() => this.live && this.texts && { live: this.live, texts: this.texts });
    $effect(() => this.#direct(this.live, this.variant, this.feed, this.interventions));
    $effect(() => {
      const { b, bp } = this.state;
      const feed = b === 'picture' || b === 'time' ? this.otherFeed : this.feed;
      const variant = b === 'patch' ? { patch: bp } : this.variant;
      this.#direct(this.other, variant, feed, b === 'heads' ? this.otherInterventions : this.interventions);
    });
    timePasses(() => this.live);
  }

  /** Takes over what a link says. */
  read(search: string): void {
    const link = readLink(inspectorState, search);
    this.problems = link.problems;
    Object.assign(this.state, link.state);
    const own = OPENED.get(this.state.m);
    if (own || this.awaited !== undefined) return own && this.arrived(own);
    if (!sourceOf(this.state.m)) {
      const shown = [...MODELS.keys()][0] ?? FIRST_PRESET;
      this.problems = [...this.problems, { kind: 'value', field: 'm', raw: this.state.m, shown }];
      this.state.m = shown;
    }
    this.#hold();
  }
  /** A model of the reader's is here, or is now taken for something else. */
  arrived(model: OwnModel): void {
    Object.assign(this.state, { m: model.config.name, file: model.file, as: model.as });
    this.#hold();
  }
  /** Holds what the link says against the model that is open. */
  #hold(): void {
    this.problems = [...this.problems, ...strangersIn(this)];
    this.reveal(this.selected);
  }
  /** The model of a reader's that the link names and this page has not opened. */
  get awaited(): string | undefined {
    const { m } = this.state;
    return digestIn(m) !== undefined && !sourceOf(m) ? m : undefined;
  }
  get link(): string {
    return writeLink(inspectorState, this.state);
  }

  readonly source: Source = $derived.by(() => sourceOf(this.state.m) ?? sourceOf(FIRST_PRESET)!);
  readonly #asked: Blueprint = $derived.by(() => {
    const { blueprint } = this.source;
    const patch = this.state.p > 0 && 'patch' in blueprint.config ? { patch: this.state.p } : {};
    const texts = this.source.trained && textInputOf(blueprint)?.texts.field;
    const read = texts ? { [texts]: textsOf(this.state.w).length } : {};
    return { ...blueprint, config: { ...blueprint.config, ...patch, ...this.state.c, ...read } };
  });
  /** The weights fit what was changed of the configuration, so that it can run. */
  readonly #fits: boolean = $derived.by(() => {
    const { fields = [] } = this.family.variants ?? {};
    return this.source.trained && Object.keys(this.state.c).every((field) => fields.includes(field));
  });
  /** The graph as asked for, or why there cannot be one. */
  readonly #attempt: { of: Blueprint; graph?: Graph; error?: ConfigError } = $derived.by(() => {
    const of = this.#asked;
    const live = this.#fits && changed(this.state);
    try {
      for (const [field, value] of Object.entries(this.state.c)) checkKind(of, field, value);
      return { of, graph: graphOf(of, { interventions: live }) };
    } catch (error) {
      if (error instanceof ConfigError) return { of, error };
      throw error;
    }
  });
  #last: { source: Source; of: Blueprint; graph: Graph } | undefined;
  readonly #built: { of: Blueprint; graph: Graph } = $derived.by(() => {
    const { of, graph } = this.#attempt;
    const { source } = this;
    if (graph) return (this.#last = { source, of, graph });
    // Never another model's under this one's name.
    if (this.#last?.source === source) return this.#last;
    return (this.#last = { source, of: source.blueprint, graph: graphOf(source.blueprint) });
  });
  /** What runs, where anything does: the model as it is stored, or at the side of the picture that is asked for. */
  get #running(): Blueprint {
    return this.#fits ? this.blueprint : this.source.blueprint;
  }
  /** The rule that the asked configuration breaks; the graph is then that of the last one that could be built. */
  get illegal(): ConfigError | undefined {
    return this.#attempt.error;
  }
  /** What the graph was built from. */
  get blueprint(): Blueprint {
    return this.#built.of;
  }
  /** The configuration as asked for, also when it cannot be built: where the sliders stand. */
  get asked(): Blueprint {
    return this.#asked;
  }
  get graph(): Graph {
    return this.#built.graph;
  }
  get family() {
    return familyOf(this.source.blueprint.architecture);
  }
  /** The fields that may change while the model runs, as they are wished. */
  readonly variant: Variant = $derived.by(() => variantOf(this.blueprint));
  /** Side of a patch in pixels; undefined for a network that cuts none. */
  get patch(): number | undefined {
    const { patch } = this.blueprint.config as { readonly patch?: unknown };
    return typeof patch === 'number' ? patch : undefined;
  }
  readonly description = $derived.by(() => descriptionOf(this.graph));
  readonly costs = $derived.by(() => costsOf(this.description));
  readonly outline = $derived.by(() => outlineOf(this.graph));
  readonly tree = $derived.by(() => treeOf(this.outline));
  readonly rows = $derived.by(() => allRows(this.tree));
  /** The outline as it is drawn: without the inputs that change the model. */
  readonly drawn = $derived.by(() => {
    const inputs = neutralOf(this.blueprint);
    if (!Object.keys(inputs).some((name) => this.graph.values.has(name))) return this.outline;
    return outline(this.graph, { without: (name) => Object.hasOwn(inputs, name) });
  });
  /** Readers of each tensor, by name. */
  readonly readers = $derived.by(() => readersOf(this.outline));
  /** What each tensor is computed from, by name. */
  readonly operands = $derived.by(() => operandsOf(this.outline));

  /** The open tensor's name, with its part if it is one: the link's where the graph has it, else one to begin with. */
  readonly selected: string = $derived.by(() => {
    const { t } = this.state;
    if (t && this.value(t)) return t;
    return firstOpen(this.graph);
  });
  /** A tensor or weight by name; undefined for helpers and unknown names. A part's value is that of the whole. */
  value(name: string): Value | undefined {
    const v = this.graph.values.get(wholeOf(name));
    if (!v || v.internal || v.kind === 'constant') return undefined;
    const part = partOf(name);
    return part && part.index >= this.partsOf(v) ? undefined : v;
  }
  /** Into how many parts a tensor can be taken apart; 0 where it cannot. */
  partsOf(value: Value): number {
    const axis = value.kind === 'node' ? partAxis(value) : undefined;
    return axis === undefined ? 0 : (value.shape[axis] ?? 0);
  }
  select(name: string, cell: readonly number[] = []): void {
    this.state.t = name;
    this.state.cell = cell;
    this.reveal(name);
  }
  /** Unfolds the outline down to a tensor. */
  reveal(name: string): void {
    for (const id of pathTo(this.tree, wholeOf(name))) this.open.add(id);
  }
  pin(name: string): void {
    const { pins } = this.state;
    if (pins.includes(name)) this.state.pins = pins.filter((n) => n !== name);
    else if (pins.length < MOST_PINS) this.state.pins = [...pins, name];
  }
  /** Opens another model; a tensor of the same name stays open. */
  openSource(name: string): void {
    const { file = '', as = {} } = OPENED.get(name) ?? {};
    Object.assign(this.state, { ...AS_OPENED, m: name, file, as });
    this.state.pins = this.state.pins.filter((n) => this.value(n));
    if (!this.value(this.state.t)) this.state.t = '';
    this.open.clear();
    this.reveal(this.selected);
  }
  /** Changes one field of the configuration; back at the model's own value it is no change any more. */
  set(field: string, value: Setting): void {
    const own = this.source.blueprint.config as Readonly<Record<string, unknown>>;
    if (field === 'patch') {
      this.state.p = value === own.patch ? 0 : Number(value);
      return;
    }
    const { [field]: _, ...rest } = this.state.c;
    const same = JSON.stringify(own[field]) === JSON.stringify(value);
    this.state.c = same ? rest : { ...rest, [field]: value };
  }

  /** Why the tensors have no values. Undefined: they have. */
  readonly silence: Silence | undefined = $derived.by(() =>
    silenceOf(this.source, this.#fits, this.blueprint, this.graph),
  );
  /** The texts that the opened model reads, one at the least; undefined for a model that reads none. */
  readonly texts: readonly string[] | undefined = $derived.by(
    () => textInputOf(this.source.blueprint) && textsOf(this.state.w),
  );
  /** The inputs that change the opened model while it runs, and how a reader does it. */
  readonly interventionInputs: readonly InputSpec[] = $derived.by(() =>
    inputsOf(this.#running).filter(({ role, control }) => role === 'intervention' && control),
  );
  /** The choice of patches that the opened model is fed, where there is one. */
  readonly patchChoice = $derived.by(() => patchChoiceOf(this.#running));
  /** The frames that the opened model is fed, where it sees more than one picture. */
  readonly frames = $derived.by(() => framesOf(this.#running));
  readonly interventions: InputValues | undefined = $derived.by(() =>
    interventionsOf(this.#running, this.state),
  );
  readonly otherInterventions: InputValues | undefined = $derived.by(() =>
    interventionsOf(this.#running, { ...this.state, cut: this.state.bcut }),
  );
  /** The running model; undefined where there are shapes alone. */
  readonly live: LiveModel | undefined = $derived.by(() =>
    this.silence === undefined ? this.#live(this.source.name) : undefined,
  );
  /** The second run. */
  readonly other: LiveModel | undefined = $derived.by(() =>
    this.silence === undefined && this.state.b !== 'none'
      ? this.#live(this.source.name, 'second')
      : undefined,
  );
  readonly #x0 = $derived.by(() => this.#preprocessed(this.picture));
  readonly #otherX0 = $derived.by(() =>
    this.state.b === 'picture' ? this.#preprocessed(this.otherPicture) : this.#x0,
  );
  /** What the running model is fed; undefined until the picture is there. */
  readonly feed: InputValues | undefined = $derived.by(() => {
    if (this.painted.session) return this.painted.feed(this.state.vs);
    if (!this.runs) return this.#feedOf(this.#x0, this.state);
    const state = this.sampled.frame(this.state.rk);
    return state && feedOf(this.source, { state }, this.state);
  });
  /** A denoiser is fed a state of a run, not a picture with noise. */
  get runs(): boolean {
    return this.source.diffusion !== undefined && this.state.run !== 'none';
  }
  /** What the second run is fed. */
  readonly otherFeed: InputValues | undefined = $derived.by(() => {
    if (this.runs && this.state.b !== 'time') return this.feed;
    if (this.runs) {
      const state = this.sampled.near(this.state.bat);
      return state && feedOf(this.source, { state }, this.state);
    }
    const at = this.state.b === 'time' ? this.state.bat : this.state.at;
    return this.#feedOf(this.#otherX0, { ...this.state, at });
  });
  #feedOf(picture: Float32Array | undefined, wish: InspectorState): InputValues | undefined {
    const tokens = this.words.rows?.map(({ ids }) => ids);
    return feedOf({ ...this.source, blueprint: this.#running }, { picture, tokens }, wish);
  }
  /** A tensor of the open model, one of its weights or a part of one; undefined for helpers and unknown names. */
  named(name: string): NamedTensor | undefined {
    if (!this.value(name)) return undefined;
    const { source, graph } = this;
    const bare: Network = { name: source.name, graph, tensors: NO_VALUES, pending: false };
    return tensorOf(this.live ?? bare, name, { graph: () => this.graph });
  }
  /** The same tensor of the second run. */
  otherNamed(name: string): NamedTensor | undefined {
    return this.other && tensorOf(this.other, name);
  }
  /** Whether a tensor is fetched whole. */
  tooLarge(name: string): boolean {
    const v = this.value(name);
    return v !== undefined && partOf(name) === undefined && 4 * sizeOf(v.shape) > MOST_BYTES;
  }

  #live(name: string, which = 'first'): LiveModel {
    const own = OPENED.get(name);
    return this.#kept(
      `${which} ${name} ${own?.revision}`,
      () => new LiveModel(this.engine, own?.config ?? name),
    );
  }
  #direct(
    live: LiveModel | undefined,
    variant: Variant,
    feed: InputValues | undefined,
    interventions: InputValues | undefined,
  ): void {
    if (!live) return;
    // The wish is followed; how far the model has come with it is no reason to wish once more.
    untrack(() => {
      live.variant = variant;
      live.inputs = feed;
      live.interventions = interventions;
    });
  }
  /** The opened model is fed a picture that a photo can become. */
  get seesPictures(): boolean {
    const size = pictureOf(this.source.blueprint);
    return size !== undefined && takesPhotos(size.channels);
  }
  get picture(): ShownPicture {
    return this.#first.picture;
  }
  get otherPicture(): ShownPicture {
    return this.#second.picture;
  }
  /** Takes a file of the reader's. */
  take(file: Blob, name: string): Promise<void> {
    return this.#first.take(file, name);
  }
  #preprocessed({ rgba }: ShownPicture): Float32Array | undefined {
    // A denoiser's picture is cut as in the lessons, so that both see the same.
    const own = this.source.diffusion ? undefined : this.live?.config?.preprocessing;
    return rgba && this.seesPictures ? pictureFed(rgba, this.#running, own) : undefined;
  }
}

export { wholeOf };

const KEY = Symbol('inspector');

/** Makes the page's inspector known to its panes. */
export function provideInspector(inspector: Inspector): Inspector {
  return setContext(KEY, inspector);
}
export function useInspector(): Inspector {
  return getContext<Inspector>(KEY);
}
