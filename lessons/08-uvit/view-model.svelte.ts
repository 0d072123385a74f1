import type { Frame } from '#lib/diffusion/session/frames.ts';
import { LiveDenoiser, type Call } from '#lib/diffusion/session/live-denoiser.svelte.ts';
import type { RunSettings } from '#lib/diffusion/session/settings.ts';
import { byName } from '#lib/live/by-name.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
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
import { useEngine } from '#lib/runtime/context.ts';
import { timeRun } from '#lib/diffusion/session/time-run.svelte.ts';
import { brokenSettings, gatedSettings } from './changed-settings.ts';
import { readGates } from './gates.ts';
import { Listening } from './listening.svelte.ts';
import {
  ATTENTION,
  CONFIG,
  fedTime,
  HAS_TWIN,
  LABEL_TOKEN,
  LABELS,
  NAME,
  PLACES,
  SHAPES,
  SIZES,
  TIME_TOKEN,
  TWIN,
  U,
} from './model.ts';
import { FollowedSession } from './followed-session.svelte.ts';
import type { StateOf } from '#lib/state/schema.ts';
import type { UVitFields } from './state.ts';

/** Pictures made side by side from different noise. */
export const PICTURES = 4;
/** Deterministic, so that the noise a run begins with and the network alone decide what it paints. */
const SAMPLER = 'dpmpp-2m';

/** What stage, prose, strip and drawer of lesson 8 share. */
export class UVitViewModel implements ViewModel {
  readonly walkthrough: Walkthrough<UVitFields>;
  /** The network at the state on show. */
  readonly denoiser: LiveDenoiser;
  readonly live: LiveModel;
  /** The model as it is, the model changed, and the one trained without long skips. */
  readonly intact: FollowedSession;
  readonly changed: FollowedSession;
  readonly twin: FollowedSession | undefined;
  readonly listening: Listening;

  constructor(walkthrough: Walkthrough<UVitFields>) {
    this.walkthrough = walkthrough;
    const engine = useEngine();
    this.denoiser = new LiveDenoiser(engine, NAME);
    this.live = this.denoiser.live;
    this.intact = new FollowedSession(engine, this.live, true);
    this.changed = new FollowedSession(engine, this.live);
    this.twin = HAS_TWIN
      ? new FollowedSession(engine, new LiveModel(engine, TWIN, { ahead: false }))
      : undefined;
    this.listening = new Listening(this.live, ATTENTION, PLACES);
    $effect(() => () => {
      for (const part of [this.intact, this.changed, this.twin, this.listening]) part?.dispose();
    });
    // The state is drawn with the page; sampling begins once a browser is there to do it.
    $effect(() => {
      this.intact.ask(this.settings);
    });
    $effect(() => {
      if (this.#pairs && this.intact.finished) this.changed.ask(this.#otherSettings);
    });
    $effect(() => {
      if (walkthrough.state.view === 'ways' && this.intact.finished) this.twin?.ask(this.settings);
    });
    $effect(() => {
      this.denoiser.call = this.#call;
    });
    timeRun(() => this.intact.run);
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
  readonly gates = $derived.by(() => readGates(this.walkthrough.state.g, U.skips.length) ?? []);

  readonly settings: RunSettings = $derived.by(() => ({
    sampler: SAMPLER,
    steps: this.walkthrough.state.n,
    seed: this.walkthrough.state.seed,
    labels: Array.from({ length: PICTURES }, () => this.label),
    guidance: this.label === null ? 1 : this.walkthrough.state.w,
  }));
  /** The same with something changed in it. */
  readonly #otherSettings: RunSettings = $derived.by(() => {
    const { view, fault, left, held, from, c2, cut, hide } = this.walkthrough.state;
    if (view === 'skips') return gatedSettings(this.settings, this.gates);
    return brokenSettings(
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
        fed: fedTime,
      },
    );
  });
  /** Two runs are compared. */
  get #pairs(): boolean {
    return this.walkthrough.state.view === 'skips' || this.walkthrough.state.view === 'change';
  }
  /** The second run on show, if there is one. */
  get second(): FollowedSession | undefined {
    if (this.#pairs) return this.changed;
    return this.walkthrough.state.view === 'ways' ? this.twin : undefined;
  }

  /** The state on show: the one asked for, or the newest while a run has not come so far. */
  readonly frame: Frame | undefined = $derived.by(() => {
    const { frames } = this.intact;
    return frames[Math.min(this.k, frames.length - 1)];
  });
  /** What the network is asked: the first picture's state on show. */
  readonly #call: Call | undefined = $derived.by(() => {
    const { frame } = this;
    const { each } = this.denoiser;
    return frame && each !== undefined
      ? { x: frame.x.subarray(0, each), t: frame.t, label: this.label }
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

  readonly strip: readonly StripItem[] = $derived.by(() => stripOf(this, this.#way));
  readonly #way: readonly StripName[] = $derived.by(() => {
    const taken = this.walkthrough.state.view === 'skips' || this.walkthrough.state.view === 'ways';
    const first = U.up[0] ?? '';
    return [
      ['x', { en: 'noisy picture', zh: '带噪图片' }],
      ['patch_embed', { en: 'patches', zh: '图像块' }],
      ['label_token', { en: 'label', zh: '标签' }],
      ['time_token', { en: 'time', zh: '时间' }],
      ['tokens', { en: 'one sequence', zh: '一个序列' }],
      ...(taken
        ? ([
            [`${first}.skip_cat`, { en: 'with the skip', zh: '与跳跃连接拼接' }],
            [`${first}.skip_linear`, { en: 'projected', zh: '投影后' }],
          ] as const)
        : ([[ATTENTION[this.b] ?? '', { en: 'attention', zh: '注意力' }]] as const)),
      ['prediction', { en: 'prediction', zh: '预测' }],
    ];
  });
  lit({ view, b }: StateOf<UVitFields>): string | undefined {
    const attention = ATTENTION[Math.min(b, SIZES.blocks - 1)];
    const first = U.up[0] ?? '';
    const lit: Partial<Record<string, string>> = {
      tokens: 'tokens',
      time: 'time_token',
      listen: attention,
      look: attention,
      skips: `${first}.skip_cat`,
      ways: `${first}.skip_linear`,
      change: 'prediction',
    };
    return lit[view];
  }
  readonly #ofModel = byName((name) => tensorOf(this.live, name, { graph: () => SHAPES.graph }));
  named(name: string): NamedTensor | undefined {
    return SHAPES.graph.values.has(name) ? this.#ofModel(name) : undefined;
  }
  /** The inspector makes the same run and opens the same state. */
  inspected(): Inspected {
    const { n, seed } = this.walkthrough.state;
    const { guidance } = this.settings;
    const step = this.frame?.step ?? this.k;
    return {
      model: NAME,
      class: this.label ?? -1,
      seed,
      run: { sampler: SAMPLER, steps: n, step: Math.min(step, n - 1), guidance },
    };
  }
}

/** The class an index stands for; from the number of classes on it stands for none. */
function labelOf(index: number): number | null {
  return index < LABELS.length ? index : null;
}
