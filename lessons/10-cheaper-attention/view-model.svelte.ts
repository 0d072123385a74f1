import { ClassifierViewModel } from '#lib/notebook/classifier-view-model.svelte.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import type { Text } from '#lib/base/lang.ts';
import type { StripName } from '#lib/notebook/view-model.ts';
import type { Walkthrough } from '#lib/notebook/walkthrough.svelte.ts';
import { AttentionRuns, gridOf } from './attention-runs.svelte.ts';
import { Clock } from './clock.svelte.ts';
import { KINDS, shiftOf, windowFor, windowsOf, type Kind, type WindowCut } from './kinds.ts';
import type { BorderRun } from './border-run.svelte.ts';
import type { SparseRun } from './sparse-run.svelte.ts';
import type { Choices } from './stored-choices.ts';
import type { CheaperFields } from './state.ts';
import type { Twins } from './twins.svelte.ts';
import { errorsOf, globalRow, linearRow, sharpness, windowRow } from './weight-rows.ts';

const TITLES: Readonly<Record<'q' | 'k' | 'v', Text>> = {
  q: { en: 'queries', zh: '查询' },
  k: { en: 'keys', zh: '键' },
  v: { en: 'values', zh: '值' },
};

/** A token's row under one kind of attention, all of one answer. */
export interface ShownRow {
  readonly kind: Kind;
  /** Tokens along a side. */
  readonly grid: number;
  readonly token: number;
  /** `[N]`, sums to 1. */
  readonly weights: Float32Array;
  readonly bits: number;
  readonly largest: number;
}

/** How far one kind's outputs lie from those of attention over all tokens, both of one answer. */
export interface ShownDifference {
  readonly kind: Kind;
  /** Tokens along a side. */
  readonly grid: number;
  /** `[N]`: of each token, relative to the length of its output over all. */
  readonly each: Float32Array;
  /** Over all tokens together. */
  readonly all: number;
}

/** Networks of views that not every reader opens: their panels make them, and they outlast these. */
export interface Trained {
  twins?: { readonly all: Twins; readonly border: BorderRun };
  sparse?: { readonly adapted: SparseRun; readonly started: SparseRun };
}

/** What stage, prose, strip and drawer of lesson 10 share. */
export class CheaperViewModel extends ClassifierViewModel<CheaperFields> {
  readonly runs: AttentionRuns;
  readonly clock: Clock;
  readonly networks: Trained = {};
  /** What was measured of the twins at 64 pixels, every seed, once their view has been opened. */
  measured = $state.raw<{
    readonly range: readonly [least: number, most: number];
    readonly steps: number;
    readonly batch: number;
  }>();
  /** Stored answers of the sparse network, once their view has been opened. */
  choices = $state.raw<Choices>();

  constructor(walkthrough: Walkthrough<CheaperFields>) {
    super(walkthrough, walkthrough.state);
    this.runs = new AttentionRuns({
      parts: () => {
        const [q, k, v] = (['q', 'k', 'v'] as const).map((part) => this.part(part)?.value);
        return q && k && v && [q, k, v];
      },
      by: () => (this.state.view === 'sharp' ? this.state.by : 1),
      window: () => this.state.m,
    });
    this.clock = new Clock(this.runs);
    $effect(() => {
      const leave = (['q', 'k', 'v'] as const).map((part) => this.part(part)?.want());
      return () => leave.forEach((stop) => stop?.());
    });
  }

  /** Queries, keys or values of the chosen block, `[h, T, d]`. */
  part(name: 'q' | 'k' | 'v'): NamedTensor | undefined {
    return this.named(`blocks.${this.state.l}.attn.${name}`);
  }
  /** What the chosen block is fed, `[T, D]`. */
  get fed(): NamedTensor | undefined {
    return this.named(this.state.l === 0 ? 'tokens' : `blocks.${this.state.l - 1}`);
  }
  protected readonly way: readonly StripName[] = $derived.by(() =>
    (['q', 'k', 'v'] as const).map((part) => [`blocks.${this.state.l}.attn.${part}`, TITLES[part]] as const),
  );

  /** The grid at the wished patch size, and the windows that fill it. */
  get grid(): number {
    return this.seen.geometry.rows;
  }
  readonly windows: readonly number[] = $derived.by(() => windowsOf(this.grid));
  readonly window = $derived.by(() => windowFor(this.grid, this.state.m));
  /** How a kind cuts the grid that is wished for. */
  cut(kind: Kind, { grid, window } = { grid: this.grid, window: this.window }): WindowCut {
    return { grid, window, shift: kind === 'shifted-window' ? shiftOf(grid, window) : 0 };
  }

  /** Tensors of a kind that the row of a token is read off. */
  rowTensors(kind: Kind): readonly (NamedTensor | undefined)[] {
    return kind === 'linear'
      ? [this.part('q'), this.part('k'), this.runs.tensor('linear', 'normaliser')]
      : [this.runs.tensor(kind, 'probs')];
  }

  /** The row of the chosen patch under a kind, once all that it is read off is of one grid. */
  row(kind: Kind): ShownRow | undefined {
    const shown = this.runs.shown(kind);
    if (!shown) return undefined;
    const { grid } = shown;
    const token = this.tokenOn(grid);
    const { h: head } = this.state;
    const weights = this.#weights(kind, shown, head, token);
    return weights && { kind, grid, token, weights, ...sharpness(weights) };
  }
  #weights(
    kind: Kind,
    shown: { readonly grid: number; readonly window: number },
    head: number,
    token: number,
  ): Float32Array | undefined {
    const tokens = shown.grid ** 2;
    if (kind === 'linear') {
      const [q, k, normaliser] = this.rowTensors(kind).map((tensor) => tensor?.value);
      const { inputs } = this.runs.lives.linear.shown ?? {};
      if (!q || !k || !normaliser || gridOf(q) !== shown.grid || !inputs?.q || !inputs.k) return undefined;
      return linearRow(inputs.q, inputs.k, normaliser.data, { heads: q.shape[0]!, tokens, head, token });
    }
    const probs = this.runs.tensor(kind, 'probs')?.value;
    if (!probs) return undefined;
    return kind === 'global'
      ? globalRow(probs.data, tokens, head, token)
      : windowRow(probs.data, this.cut(kind, shown), head, token);
  }
  /** Where and how far the chosen head's outputs of every kind differ, once both kinds have answered the same. */
  readonly differences = $derived(KINDS.map((kind) => this.#difference(kind)));
  /** One range for the differences of all kinds, once all have answered. */
  readonly differenceRange: readonly [number, number] | undefined = $derived.by(() => {
    const all = this.differences.flatMap((shown) => (shown ? [shown.each] : []));
    if (all.length < KINDS.length) return undefined;
    return [0, all.reduce((most, each) => each.reduce((a, b) => Math.max(a, b), most), 0)];
  });
  #difference(kind: Kind): ShownDifference | undefined {
    const [shown, reference] = [this.runs.shown(kind), this.runs.shown('global')];
    const { lives } = this.runs;
    const asked = lives[kind].shown?.inputs;
    if (!shown || !reference || !asked || asked.q !== lives.global.shown?.inputs.q) return undefined;
    const [own, over] = ([kind, 'global'] as const).map((each) => this.runs.tensor(each, 'out')?.value);
    if (!own || !over || own.data.length !== over.data.length) return undefined;
    const [heads = 1, tokens = 1] = over.shape;
    const errors = errorsOf(own.data, over.data, { heads, tokens, head: this.state.h });
    return { kind, grid: shown.grid, ...errors };
  }
  /** The chosen patch on a grid. */
  tokenOn(grid: number): number {
    const size = this.config.image / grid;
    const [y, x] = this.state.at;
    const cell = (v: number) => Math.min(grid - 1, Math.floor(v / size));
    return cell(y) * grid + cell(x);
  }
}
