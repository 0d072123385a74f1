import { untrack } from 'svelte';
import type { Frame } from '#lib/diffusion/session/frames.ts';
import { LiveDenoiser, type Call } from '#lib/diffusion/session/live.svelte.ts';
import type { RunSettings } from '#lib/diffusion/session/settings.ts';
import { networkTime } from '#lib/diffusion/math/timesteps.ts';
import type { Text } from '#lib/base/lang.ts';
import type { Inspected, ViewModel, StripItem, TensorDoc } from '#lib/notebook/view-model.ts';
import type { Walkthrough } from '#lib/notebook/walkthrough.svelte.ts';
import { useEngine } from '#lib/runtime/context.ts';
import { planOf } from '#lib/diffusion/sampler/spec.ts';
import { pass } from '#lib/live/latest-pass.svelte.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import { brokenRun, gatedRun } from './changes.ts';
import { readGates } from './gates.ts';
import { Listening } from './listening.svelte.ts';
import type { Places } from './measures.ts';
import { CONFIG, HAS_TWIN, LABEL_TOKEN, LABELS, NAME, shapesOf, SIZES, TIME_TOKEN, TWIN } from './model.ts';
import { FollowedRun } from './runs.svelte.ts';
import type { UVitFields } from './state.ts';
import { uOf } from './u.ts';

/** Pictures made side by side from different noise. */
export const PICTURES = 4;
/** Deterministic, so that the noise a run begins with and the network alone decide what it paints. */
const SAMPLER = 'dpmpp-2m';

/** What stage, prose, strip and drawer of lesson 8 share. */
export class UVitViewModel implements ViewModel {
  readonly walkthrough: Walkthrough<UVitFields>;
  /** The network at the state on show. */
  readonly live: LiveDenoiser;
  /** The model as it is, the model changed, and the one trained without long skips. */
  readonly intact: FollowedRun;
  readonly changed: FollowedRun;
  readonly twin: FollowedRun | undefined;
  readonly listening: Listening;
  readonly config = CONFIG;
  readonly sizes = SIZES;
  readonly shapes = shapesOf(CONFIG);
  readonly u = uOf(this.shapes.graph);
  /** Blocks in the order they run. */
  readonly blocks: readonly string[] = [...this.u.down, this.u.middle, ...this.u.up];
  readonly attention: readonly string[] = this.blocks.map((name) => `${name}.attn.probs`);
  readonly places: Places = {
    grid: SIZES.grid,
    prefix: SIZES.extras,
    time: TIME_TOKEN,
    label: LABEL_TOKEN,
  };

  constructor(walkthrough: Walkthrough<UVitFields>) {
    this.walkthrough = walkthrough;
    const engine = useEngine();
    this.live = new LiveDenoiser(engine, NAME);
    this.intact = new FollowedRun(engine, this.live, true);
    this.changed = new FollowedRun(engine, this.live);
    this.twin = HAS_TWIN ? new FollowedRun(engine, new LiveDenoiser(engine, TWIN)) : undefined;
    this.listening = new Listening(engine, this.live, this.attention, this.places);
    $effect(() => () => {
      for (const part of [this.intact, this.changed, this.twin, this.listening]) part?.dispose();
    });
    // The state is drawn with the page; sampling begins once a browser is there to do it.
    $effect(() => {
      const { settings } = this;
      untrack(() => this.intact.ask(settings));
    });
    $effect(() => {
      const { otherSettings } = this;
      if (this.pairs && this.intact.finished) untrack(() => this.changed.ask(otherSettings));
    });
    $effect(() => {
      const { settings } = this;
      if (walkthrough.state.view === 'ways' && this.intact.finished) untrack(() => this.twin?.ask(settings));
    });
    $effect(() => {
      const { call } = this;
      untrack(() => (this.live.call = call));
    });
    $effect(() => {
      if (this.live.tensors.generation > 0) pass.ms = untrack(() => this.live.ms);
    });
  }

  get state() {
    return this.walkthrough.state;
  }
  /** The class asked for; null: none. */
  readonly label: number | null = $derived.by(() => labelOf(this.walkthrough.state.c));
  /** Steps made before the one that is looked at. */
  readonly k = $derived.by(() => Math.min(this.walkthrough.state.k, this.walkthrough.state.n - 1));
  readonly b = $derived.by(() => Math.min(this.walkthrough.state.b, SIZES.blocks - 1));
  readonly h = $derived.by(() => Math.min(this.walkthrough.state.h, CONFIG.heads - 1));
  /** Percents of the long skips, by out-block. */
  readonly gates = $derived.by(() => readGates(this.walkthrough.state.g, this.u.skips.length) ?? []);

  readonly settings: RunSettings = $derived.by(() => ({
    sampler: SAMPLER,
    steps: this.walkthrough.state.n,
    seed: this.walkthrough.state.seed,
    labels: Array.from({ length: PICTURES }, () => this.label),
  }));
  /** The run with something changed in it; undefined before the configuration is there. */
  readonly otherSettings: RunSettings | undefined = $derived.by(() => {
    const { view, fault, left, held, from, c2, cut, hide } = this.walkthrough.state;
    if (view === 'skips') return gatedRun(this.settings, this.gates);
    const { model, process } = this.live;
    if (!model || !process) return undefined;
    return brokenRun(
      this.settings,
      {
        fault,
        left: left / 100,
        held: held / 100,
        from,
        label: labelOf(c2),
        cut,
        hidden: hide.map(Number),
      },
      {
        ...SIZES,
        heads: CONFIG.heads,
        timeToken: TIME_TOKEN,
        labelToken: LABEL_TOKEN,
        networkTime: (t) => networkTime(model.diffusion.time, t, process),
      },
    );
  });
  /** Two runs are compared. */
  get pairs(): boolean {
    return this.walkthrough.state.view === 'skips' || this.walkthrough.state.view === 'change';
  }
  /** The second run on show, if there is one. */
  get second(): FollowedRun | undefined {
    if (this.pairs) return this.changed;
    return this.walkthrough.state.view === 'ways' ? this.twin : undefined;
  }

  /** Times of all states, from noise to picture, `[n + 1]`; undefined before the configuration is there. */
  readonly times: readonly number[] | undefined = $derived.by(
    () => this.live.model && planOf(this.live.model, this.settings).times,
  );
  /** The state on show: the one asked for, or the newest while a run has not come so far. */
  readonly frame: Frame | undefined = $derived.by(() => {
    const { frames } = this.intact;
    return frames[Math.min(this.k, frames.length - 1)];
  });
  /** What the network is asked: the first picture's state on show. */
  readonly call: Call | undefined = $derived.by(() => {
    const { frame } = this;
    const { each } = this.live;
    return frame && each !== undefined
      ? { x: frame.x.subarray(0, each), t: frame.t, label: this.label }
      : undefined;
  });
  /** Network time of the state on show. */
  readonly tau: number | undefined = $derived.by(() => {
    const { model, process } = this.live;
    return this.frame && model && process
      ? networkTime(model.diffusion.time, this.frame.t, process)
      : undefined;
  });
  /** One picture of a batch `[n, C, S, S]`. */
  picture(values: Float32Array | undefined, which = 0): Float32Array | undefined {
    const { channels, image } = CONFIG;
    const each = channels * image ** 2;
    return values && values.length >= (which + 1) * each
      ? values.subarray(which * each, (which + 1) * each)
      : undefined;
  }

  /** The patch that was chosen, and the token that asks. */
  readonly patch = $derived.by(() => {
    const cell = (v: number) => Math.min(SIZES.grid - 1, Math.floor(v / CONFIG.patch));
    const [y, x] = this.walkthrough.state.at;
    return cell(y) * SIZES.grid + cell(x);
  });
  choose(patch: number): void {
    const middle = (i: number) => Math.floor((i + 0.5) * CONFIG.patch);
    this.walkthrough.state.at = [middle(Math.floor(patch / SIZES.grid)), middle(patch % SIZES.grid)];
    this.walkthrough.state.who = 'patch';
  }
  readonly query = $derived.by(() => {
    const { who } = this.walkthrough.state;
    if (who === 'time') return TIME_TOKEN;
    return who === 'label' && LABEL_TOKEN !== undefined ? LABEL_TOKEN : SIZES.extras + this.patch;
  });

  // What the lesson page asks for.

  readonly strip: readonly StripItem[] = $derived.by(() =>
    this.#way.flatMap(([name, title]) => {
      const value = this.shapes.graph.values.get(name);
      return value ? [{ name, title, shape: value.shape.slice(1), dims: value.dims.slice(1) }] : [];
    }),
  );
  readonly #way: readonly (readonly [name: string, title: Text])[] = $derived.by(() => {
    const taken = this.walkthrough.state.view === 'skips' || this.walkthrough.state.view === 'ways';
    const first = this.u.up[0] ?? '';
    return [
      ['x', { en: 'noisy picture', zh: '带噪图片' }],
      ['patch_embed', { en: 'patches', zh: '图像块' }],
      ['label_token', { en: 'label', zh: '类别' }],
      ['time_token', { en: 'time', zh: '时间' }],
      ['tokens', { en: 'one sequence', zh: '一个序列' }],
      ...(taken
        ? ([
            [`${first}.skip_cat`, { en: 'with the skip', zh: '拼上跳跃' }],
            [`${first}.skip_linear`, { en: 'projected', zh: '投影后' }],
          ] as const)
        : ([[this.attention[this.b] ?? '', { en: 'attention', zh: '注意力' }]] as const)),
      ['prediction', { en: 'prediction', zh: '预测' }],
    ];
  });
  get lit(): string | undefined {
    const first = this.u.up[0] ?? '';
    const lit: Partial<Record<string, string>> = {
      tokens: 'tokens',
      time: 'time_token',
      listen: this.attention[this.b],
      look: this.attention[this.b],
      skips: `${first}.skip_cat`,
      ways: `${first}.skip_linear`,
      change: 'prediction',
    };
    return lit[this.walkthrough.state.view];
  }
  get pending(): boolean {
    return this.live.pending;
  }
  want(name: string): () => void {
    return this.live.tensors.want(name);
  }
  tensor(name: string): Tensor | undefined {
    return this.live.tensors.get(name);
  }
  /** The inspector makes the same run and opens the same state. */
  inspected(): Inspected {
    const { n, seed } = this.walkthrough.state;
    const step = this.frame?.step ?? this.k;
    return {
      model: NAME,
      class: this.label ?? -1,
      seed,
      run: { sampler: SAMPLER, steps: n, step: Math.min(step, n - 1) },
    };
  }
  doc(name: string): TensorDoc | undefined {
    return this.shapes.graph.values.get(name)?.doc;
  }
}

/** The class an index stands for; from the number of classes on it stands for none. */
function labelOf(index: number): number | null {
  return index < LABELS.length ? index : null;
}
