import { untrack } from 'svelte';
import { LiveDenoiser, type Call } from '#lib/diffusion/session/live-denoiser.svelte.ts';
import { SamplingSession } from '#lib/diffusion/session/sampling-session.svelte.ts';
import type { RunSettings } from '#lib/diffusion/session/settings.ts';
import type { Frame } from '#lib/diffusion/session/frames.ts';
import { addNoise } from '#lib/diffusion/math/forward.ts';
import { byName } from '#lib/live/by-name.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { tensorOf } from '#lib/live/make-tensor.svelte.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import {
  stripOf,
  type Inspected,
  type StripItem,
  type StripName,
  type ViewModel,
} from '#lib/notebook/view-model.ts';
import type { Walkthrough } from '#lib/notebook/walkthrough.svelte.ts';
import { SmallPicture } from '#lib/pictures/small.svelte.ts';
import { useEngine } from '#lib/runtime/context.ts';
import { startNoise } from '#lib/diffusion/math/picture-noise.ts';
import { timeRun } from '#lib/diffusion/session/time-run.svelte.ts';
import { DIT, DIT_CONFIG, EACH, FOLDER, KINDS, SHAPES, TITLE, UVIT, type Kind } from './model.ts';
import { evenTimes } from './modulation.ts';
import { DevicePace } from './device-pace.svelte.ts';
import type { DitFields } from './state.ts';
import { ManyTimes } from './many-times.svelte.ts';

/** Pictures each network makes, from different noise. */
export const PICTURES = 4;
/** Times at which the modulation is drawn. */
const MODULATED = 33;
/** Times a network is told in place of the true one. */
const TOLD = 13;
/** The modulation is made of time and class alone: no picture is needed, and none is read. */
const NO_PICTURE = new Float32Array(EACH);
/** Seed of the noise on the picture that both look at. */
export const NOISE_SEED = 9;

const STRIP: Readonly<Record<Kind, readonly StripName[]>> = {
  uvit: [
    ['patch_embed', { en: 'patches', zh: '图像块' }],
    ['label_token', { en: 'label', zh: '标签' }],
    ['time_token', { en: 'time', zh: '时间' }],
    ['tokens', { en: 'one sequence', zh: '一个序列' }],
    ['prediction', { en: 'prediction', zh: '预测' }],
  ],
  dit: [
    ['patches', { en: 'patches', zh: '图像块' }],
    ['tokens', { en: 'tokens', zh: '词元' }],
    ['c', { en: 'condition', zh: '条件' }],
    ['blocks.0.adaLN_modulation', { en: 'modulation', zh: '调制量' }],
    ['prediction', { en: 'prediction', zh: '预测' }],
  ],
};

/** What stage, prose, strip and drawer of lesson 9 share. */
export class DitViewModel implements ViewModel {
  readonly walkthrough: Walkthrough<DitFields>;
  /** Both networks at the state that they look at together. */
  readonly denoisers: Readonly<Record<Kind, LiveDenoiser>>;
  readonly live: Readonly<Record<Kind, LiveModel>>;
  /** Both painting from the same noise. */
  readonly runs: Readonly<Record<Kind, SamplingSession>>;
  /** Both told other times than the true one. */
  readonly told: Readonly<Record<Kind, ManyTimes>>;
  /** The DiT's modulation at many times. */
  readonly over: ManyTimes;
  readonly pace: DevicePace;
  readonly small: SmallPicture;

  constructor(walkthrough: Walkthrough<DitFields>) {
    this.walkthrough = walkthrough;
    const engine = useEngine();
    const { uvit, dit } = (this.denoisers = {
      uvit: new LiveDenoiser(engine, UVIT),
      dit: new LiveDenoiser(engine, DIT),
    });
    this.live = { uvit: uvit.live, dit: dit.live };
    this.runs = {
      uvit: new SamplingSession(engine, this.live.uvit),
      dit: new SamplingSession(engine, this.live.dit),
    };
    const times = evenTimes(TOLD, 0.02);
    this.told = {
      uvit: new ManyTimes(engine, UVIT, times, true),
      dit: new ManyTimes(engine, DIT, times, true),
    };
    this.over = new ManyTimes(engine, DIT, evenTimes(MODULATED));
    this.pace = new DevicePace(this.live.dit, SHAPES.dit.description.macs);
    this.small = new SmallPicture(walkthrough, walkthrough.state, DIT_CONFIG.image);
    $effect(() => {
      const settings = this.#settings;
      const shown = walkthrough.state.view === 'pair';
      // Playing reads how far both have come, which must not begin them once more.
      untrack(() => {
        for (const kind of KINDS) this.runs[kind].settings = settings;
        if (shown) this.play();
      });
    });
    $effect(() => {
      for (const kind of KINDS) this.denoisers[kind].call = this.#calls[kind];
    });
    $effect(() => {
      const { state, eps, label, t } = this;
      const ready = KINDS.every((kind) => this.told[kind].model);
      if (walkthrough.state.view !== 'told' || !ready) return;
      for (const kind of KINDS) this.told[kind].ask(state, label, t, eps);
    });
    $effect(() => {
      if (this.over.model) this.over.ask(NO_PICTURE, this.label, 1, undefined);
    });
    timeRun(() => this.runs.dit);
    $effect(() => () => {
      for (const kind of KINDS) this.runs[kind].dispose();
    });
  }

  readonly label: number | null = $derived.by(() => {
    const { c } = this.walkthrough.state;
    return c >= 0 && c < DIT_CONFIG.classes ? c : null;
  });

  // Painting.

  readonly #settings: RunSettings = $derived.by(() => ({
    sampler: this.walkthrough.state.sam,
    steps: this.walkthrough.state.n,
    seed: this.walkthrough.state.seed,
    labels: Array.from({ length: PICTURES }, () => this.label),
    guidance: this.label === null ? 1 : this.walkthrough.state.w / 10,
  }));
  play(): void {
    for (const kind of KINDS) void this.runs[kind].play();
  }
  pause(): void {
    for (const kind of KINDS) this.runs[kind].pause();
  }
  async next(): Promise<void> {
    this.pause();
    const made = this.made;
    this.walkthrough.state.k = Math.min(this.walkthrough.state.n, made + 1);
    await Promise.all(KINDS.map((kind) => this.runs[kind].next()));
  }
  get busy(): boolean {
    return KINDS.some((kind) => this.runs[kind].busy);
  }
  /** Steps that both have made. */
  readonly made = $derived.by(() => Math.min(...KINDS.map((kind) => this.runs[kind].made)));
  /** The step on show: the one asked for, or the newest that both have. */
  readonly k = $derived.by(() => Math.min(this.walkthrough.state.k, this.made));
  frame(kind: Kind): Frame | undefined {
    return this.runs[kind].frames.find((f) => f.step === this.k);
  }

  // One state for both.

  readonly t = $derived.by(() => this.walkthrough.state.t / 100);
  /** The noise on the picture, `[C, S, S]`. */
  readonly eps = startNoise(NOISE_SEED, 1, EACH);
  /** x_t: the picture noised to the time. Undefined until picture and configuration are here. */
  readonly state: Float32Array | undefined = $derived.by(() => {
    const x0 = this.small.x0;
    const { process } = this.denoisers.dit;
    return x0 && process && addNoise(process, this.t, x0, this.eps);
  });
  readonly #call: Call | undefined = $derived.by(
    () => this.state && { x: this.state, t: this.t, label: this.label },
  );
  /** The state of the first picture's run that a network is asked about; of a finished one the last it was asked about. */
  #painted(kind: Kind): Frame | undefined {
    if (this.walkthrough.state.view !== 'pair') return undefined;
    const frame = this.frame(kind);
    return frame?.t === 0 ? this.runs[kind].frames.find((f) => f.step === frame.step - 1) : frame;
  }
  /** What a network is asked whose tensors are opened: its own state while both paint, else the shared one. */
  readonly #calls: Readonly<Record<Kind, Call | undefined>> = $derived.by(() => {
    const of = (frame: Frame | undefined) =>
      frame ? { x: frame.x.subarray(0, EACH), t: frame.t, label: this.label } : this.#call;
    return { uvit: of(this.#painted('uvit')), dit: of(this.#painted('dit')) };
  });
  /** ε̂ of one network at the shared state; `prediction` must be wanted. */
  said(kind: Kind): Float32Array | undefined {
    return this.denoisers[kind].said?.cond.eps;
  }

  // What the lesson page asks for.

  readonly strip: readonly StripItem[] = $derived.by(() => stripOf(this, STRIP[this.walkthrough.state.net]));
  /** The network whose tensors strip and drawer show. */
  readonly nets = {
    options: KINDS.map((value) => ({ value, label: TITLE[value] })),
    choose: (value: string) => {
      const kind = KINDS.find((k) => k === value);
      if (!kind) return;
      this.walkthrough.state.net = kind;
      const { opened } = this.walkthrough;
      if (opened !== undefined && !SHAPES[kind].graph.values.has(opened)) this.walkthrough.opened = 'tokens';
    },
    of: (name?: string) => (name === undefined ? this.walkthrough.state.net : this.#net(name)),
  };
  /** The network a tensor is looked for in: the chosen one, or the one that has it. */
  #net(name: string): Kind {
    const { net } = this.walkthrough.state;
    if (SHAPES[net].graph.values.has(name)) return net;
    return KINDS.find((kind) => SHAPES[kind].graph.values.has(name)) ?? net;
  }
  readonly #ofModel = {
    uvit: byName((name) => tensorOf(this.live.uvit, name, { graph: () => SHAPES.uvit.graph })),
    dit: byName((name) => tensorOf(this.live.dit, name, { graph: () => SHAPES.dit.graph })),
  };
  named(name: string): NamedTensor | undefined {
    const kind = this.#net(name);
    return SHAPES[kind].graph.values.has(name) ? this.#ofModel[kind](name) : undefined;
  }
  /** The inspector opens the same state: of the run while both paint, else of the picture with noise. */
  inspected(name: string): Inspected {
    const kind = this.#net(name);
    const frame = this.#painted(kind);
    const what = { model: FOLDER[kind], picture: this.walkthrough.state.pic, class: this.label ?? -1 };
    if (!frame) return { ...what, time: this.t, seed: NOISE_SEED };
    const { sampler, steps, seed, guidance } = this.#settings;
    return { ...what, seed, run: { sampler, steps, step: frame.step, guidance } };
  }
}
