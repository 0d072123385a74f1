import { onDestroy, untrack } from 'svelte';
import { setAwaited } from '#lib/base/awaited.svelte.ts';
import { LiveDenoiser, type Call } from '#lib/diffusion/session/live-denoiser.svelte.ts';
import { SamplingSession } from '#lib/diffusion/session/sampling-session.svelte.ts';
import type { RunSettings } from '#lib/diffusion/session/settings.ts';
import { Sheet, type Entry } from '#lib/diffusion/session/sheet.svelte.ts';
import { addNoise } from '#lib/diffusion/math/forward.ts';
import { SAMPLERS } from '#lib/diffusion/math/samplers/names.ts';
import type { PixelPlace } from '#lib/figures/pixels/paint.ts';
import type { Text } from '#lib/base/lang.ts';
import { byName } from '#lib/live/by-name.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { knownOf, tensorOf, valueOf } from '#lib/live/make-tensor.svelte.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import {
  stripOf,
  type Inspected,
  type StripItem,
  type StripName,
  type ViewModel,
} from '#lib/notebook/view-model.ts';
import { PROGRAM as SAMPLING } from '#lib/programs/sampling/program.ts';
import type { Walkthrough } from '#lib/notebook/walkthrough.svelte.ts';
import { SmallPicture } from '#lib/pictures/small.svelte.ts';
import { useEngine } from '#lib/runtime/context.ts';
import { startNoise } from '#lib/diffusion/math/picture-noise.ts';
import { pass } from '#lib/live/latest-pass.svelte.ts';
import { maskOf, NONE, readHoles } from '#lib/diffusion/math/holes.ts';
import { CONFIG, EACH, GRAPH } from './model.ts';
import { slerp } from '#lib/diffusion/math/slerp.ts';
import { TrainingExample } from './training-example.svelte.ts';
import { GUIDANCE, MODEL, tenthSeed, type DenoiseFields } from './state.ts';

/** Tensors of the strip, in the order they are computed in. */
const WAY: readonly StripName[] = [
  ['x', { en: 'state xₜ', zh: '状态 xₜ' }],
  ['patch_embed', { en: 'embedded', zh: '嵌入' }],
  ['tokens', { en: 'time, class, patches', zh: '时间、类别、图像块' }],
  ['mid_block', { en: 'middle block', zh: '中间层' }],
  ['prediction', { en: 'prediction', zh: '预测' }],
];
/** Guidance weights side by side. */
export const SCALES = [0, 1, 2, 4, GUIDANCE.max] as const;
/** Step counts side by side. */
export const COUNTS = [5, 10, 20, 50] as const;
/** Places on the arc between two noises. */
export const ARC = [0, 1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1] as const;
/** Pictures of the batch in which either the class or the noise differs. */
export const TEN = 10;
/** Steps of the reference. */
export const REFERENCE_STEPS = 1000;
/** Milliseconds a setting must rest before its run begins. */
const REST = 220;

const HOLES_STAY: Text = {
  en: 'A link cannot carry the holes: it opens the picture with noise at this t, not this state.',
  zh: '链接不包含要修补的方格：打开的是这一时刻带噪声的图片，不是这里的状态。',
};
const LAST_STEP: Text = {
  en: 'It opens the state of the last step: no network is asked about the finished picture.',
  zh: '打开的是最后一步的状态：生成完毕的图片不再输入网络。',
};

/** What stage, prose, strip and drawer of lesson 7 share. */
export class DenoiseViewModel implements ViewModel {
  readonly walkthrough: Walkthrough<DenoiseFields>;
  readonly denoiser: LiveDenoiser;
  readonly live: LiveModel;
  /** The run on the stage: from noise, from the picture, or around what is known of it. */
  readonly play: SamplingSession;
  /** Seven pictures in one batch, between two noises. */
  readonly arc: SamplingSession;
  /** Ten pictures in one batch, alike in their noise or in their class. */
  readonly ten: SamplingSession;
  readonly few: Sheet<RunSettings, SamplingSession>;
  readonly scales: Sheet<RunSettings, SamplingSession>;
  /** The probability-flow ODE in very many steps. */
  readonly reference: SamplingSession;
  readonly small: SmallPicture;
  /** A picture with noise as one training would show it to the network, and what it answers. */
  readonly training: TrainingExample;
  /** The pixel under the mouse, in all pictures at once, and the chosen one. */
  cursor = $state.raw<PixelPlace>();
  chosen = $state.raw<PixelPlace>([16, 16]);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(walkthrough: Walkthrough<DenoiseFields>) {
    this.walkthrough = walkthrough;
    const engine = useEngine();
    this.denoiser = new LiveDenoiser(engine, MODEL);
    this.live = this.denoiser.live;
    this.play = new SamplingSession(engine, this.live);
    this.arc = new SamplingSession(engine, this.live);
    this.ten = new SamplingSession(engine, this.live);
    const brief = () => new SamplingSession(engine, this.live, { keep: 2 });
    this.few = new Sheet(brief);
    this.scales = new Sheet(brief);
    this.reference = new SamplingSession(engine, this.live, { keep: 2 });
    this.small = new SmallPicture(walkthrough, walkthrough.state, CONFIG.image);
    this.training = new TrainingExample(this.denoiser, () => {
      const { view, time } = walkthrough.state;
      if (view !== 'train') return undefined;
      return { x0: this.small.x0, eps: this.noise, t: time, label: this.label };
    });
    const follow = (what: () => boolean, set: () => void, begin: () => void) => {
      $effect(() => {
        const ready = what();
        if (ready) set();
        this.#later(ready, begin);
      });
    };
    follow(
      () => this.settings !== undefined,
      () => (this.play.settings = this.settings),
      () => void this.play.play(),
    );
    follow(
      () => walkthrough.state.view === 'between',
      () => (this.arc.settings = this.arcSettings),
      () => void this.arc.play(),
    );
    follow(
      () => walkthrough.state.view === 'classes',
      () => (this.ten.settings = this.#tenSettings),
      () => void this.ten.play(),
    );
    follow(
      () => walkthrough.state.view === 'guide',
      () => (this.scales.entries = this.#scaleEntries),
      () => void this.play.play().then(() => this.scales.play()),
    );
    follow(
      () => walkthrough.state.view === 'few',
      () => (this.few.entries = this.#fewEntries),
      () => void this.few.play().then(() => this.few.done && this.reference.play()),
    );
    $effect(() => {
      this.reference.settings = this.#referenceSettings;
    });
    // What a view no longer shows is not computed on.
    $effect(() => {
      const { view } = walkthrough.state;
      // Stopping reads what it then writes; only another view is a reason for it.
      untrack(() => {
        if (view !== 'few') {
          this.few.cancel();
          this.reference.pause();
        }
        if (view !== 'guide') this.scales.cancel();
        if (view !== 'between') this.arc.pause();
        if (view !== 'classes') this.ten.pause();
        if (this.settings === undefined) this.play.pause();
      });
    });
    // The step the link or the reader asks for stays on show while others come.
    $effect(() => {
      const { k } = walkthrough.state;
      const { made } = this.play;
      // What is on show is read and then set: following it would undo the reader's own way through the steps.
      untrack(() => {
        if (k >= 0 && made >= k && this.play.frame?.step !== k) this.play.seekStep(k);
        if (k < 0 && !this.play.following && !this.play.replaying)
          this.play.seek(this.play.frames.length - 1);
      });
    });
    $effect(() => {
      this.denoiser.call = this.call;
    });
    $effect(() => {
      if (this.play.msPerStep !== undefined) pass.ms = this.play.msPerStep;
    });
    onDestroy(() => {
      clearTimeout(this.#timer);
      setAwaited(this, false);
      for (const one of [this.play, this.arc, this.ten, this.reference]) one.dispose();
      this.few.cancel();
      this.scales.cancel();
    });
  }

  get state() {
    return this.walkthrough.state;
  }
  /** The class, or null for none. */
  get label(): number | null {
    return this.walkthrough.state.c < 0 ? null : this.walkthrough.state.c;
  }

  readonly #base = $derived.by((): RunSettings => {
    const { m, n, seed, w, eta, clip } = this.walkthrough.state;
    return {
      sampler: m,
      steps: n,
      labels: [this.label],
      seed,
      guidance: w,
      clip,
      ...(m === 'ddim' && { eta }),
    };
  });
  /** The noise that the runs set out with, `[3, S, S]`. */
  readonly noise = $derived.by(() => startNoise(this.walkthrough.state.seed, 1, EACH));
  readonly holes = $derived.by(() => readHoles(this.walkthrough.state.hole) ?? NONE);
  readonly mask = $derived.by(() => maskOf(this.holes, CONFIG.image));

  /** What the run on the stage is to do; undefined where the view has none. */
  readonly settings: RunSettings | undefined = $derived.by(() => {
    const { view, t } = this.walkthrough.state;
    if (view === 'run' || view === 'guide') return this.#base;
    const picture = this.small.x0;
    if (!picture || !this.denoiser.process) return undefined;
    if (view === 'picture')
      return { ...this.#base, start: t, x: addNoise(this.denoiser.process, t, picture, this.noise) };
    return view === 'paint' ? { ...this.#base, known: { picture, mask: this.mask } } : undefined;
  });
  readonly arcSettings: RunSettings = $derived.by(() => {
    const { seed, seed2 } = this.walkthrough.state;
    const [a, b] = [this.noise, startNoise(seed2, 1, EACH)];
    const x = new Float32Array(ARC.length * EACH);
    ARC.forEach((u, i) => x.set(slerp(a, b, u), i * EACH));
    return { ...this.#base, seed, labels: ARC.map(() => this.label), x };
  });
  readonly #tenSettings: RunSettings = $derived.by(() => {
    const { seed, ten } = this.walkthrough.state;
    const x = new Float32Array(TEN * EACH);
    for (let i = 0; i < TEN; i++) {
      x.set(ten === 'classes' ? this.noise : startNoise(tenthSeed(seed, i), 1, EACH), i * EACH);
    }
    const labels = Array.from({ length: TEN }, (_, i) => (ten === 'classes' ? i : this.label));
    return { ...this.#base, labels, x };
  });
  readonly #scaleEntries: readonly Entry<RunSettings>[] = $derived.by(() =>
    SCALES.map((w) => ({ id: String(w), settings: { ...this.#base, guidance: w } })),
  );
  readonly #fewEntries: readonly Entry<RunSettings>[] = $derived.by(() =>
    this.walkthrough.state.row === 'samplers'
      ? SAMPLERS.map((sampler) => {
          const { eta: _, ...rest } = this.#base;
          const { eta } = this.walkthrough.state;
          return { id: sampler, settings: { ...rest, sampler, ...(sampler === 'ddim' && { eta }) } };
        })
      : COUNTS.map((steps) => ({ id: String(steps), settings: { ...this.#base, steps } })),
  );
  /** DDIM without noise follows the probability-flow ODE; in so many steps that little of its error is left. */
  readonly #referenceSettings: RunSettings = $derived.by(() => {
    const { eta: _, ...rest } = this.#base;
    return { ...rest, sampler: 'ddim', steps: REFERENCE_STEPS };
  });

  /** The state on show, or of a finished picture the one it was made from. */
  readonly #asked = $derived.by(() => {
    const { at, frames } = this.play;
    return frames[at]?.t === 0 ? frames[at - 1] : frames[at];
  });
  /** It as a call of the network, for tensors and for the two halves of guidance. */
  readonly call: Call | undefined = $derived.by(() => {
    if (this.walkthrough.state.view === 'train') return this.training.call;
    const frame = this.#asked;
    if (!frame) return undefined;
    return { x: frame.x, t: frame.t, label: this.label, both: this.label !== null && CONFIG.nullClass };
  });

  /** The step on show was chosen: it goes into the link. */
  sought(): void {
    const { play } = this;
    this.walkthrough.state.k = play.following ? -1 : (play.frame?.step ?? -1);
  }

  #later(ready: boolean, begin: () => void): void {
    if (typeof window === 'undefined' || !ready) return;
    clearTimeout(this.#timer);
    setAwaited(this, true);
    this.#timer = setTimeout(() => {
      setAwaited(this, false);
      begin();
    }, REST);
  }

  // What the lesson page asks for.

  /** The state on show, its first picture. */
  get #state(): Float32Array | undefined {
    if (this.walkthrough.state.view === 'train') return this.training.shown?.example.x;
    return this.play.frame?.x.subarray(0, EACH);
  }
  readonly #x = valueOf(SAMPLING, 'x', () => this.#state, {
    known: () => knownOf(GRAPH, 'x'),
    pending: () => this.live.pending,
  });
  readonly #ofModel = byName((name) => tensorOf(this.live, name, { graph: () => GRAPH, which: 0 }));
  named(name: string): NamedTensor | undefined {
    if (name === 'x') return this.#x;
    return GRAPH.values.has(name) ? this.#ofModel(name) : undefined;
  }
  readonly strip: readonly StripItem[] = $derived.by(() => stripOf(this, WAY));
  /** The inspector makes the same run and opens the same state; what a link cannot say of it is said beside the link. */
  inspected(name: string): Inspected {
    const { view, pic, c, seed, time } = this.walkthrough.state;
    const settings = this.play.settings;
    const frame = this.#asked;
    const what = { model: MODEL, picture: pic, class: c, seed };
    if (view === 'train') return { ...what, time };
    if (!settings || !frame) return { ...what, time: 1 };
    if (settings.known) return { ...what, time: frame.t, instead: HOLES_STAY };
    const { sampler, steps, guidance, eta, clip, start } = settings;
    const finished = name === 'x' && this.play.frame?.t === 0;
    return {
      ...what,
      class: settings.labels[0] ?? -1,
      seed: settings.seed,
      run: { sampler, steps, step: frame.step, guidance, eta, clip, start },
      ...(finished && { instead: LAST_STEP }),
    };
  }
}
