import { ClassifierViewModel } from '#lib/notebook/classifier-view-model.svelte.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import type { Text } from '#lib/base/lang.ts';
import type { StripName } from '#lib/notebook/view-model.ts';
import type { Walkthrough } from '#lib/notebook/walkthrough.svelte.ts';
import { AttentionRuns, gridOf } from './attention-runs.svelte.ts';
import { Clock } from './clock.svelte.ts';
import { shiftOf, windowFor, windowsOf, type Kind, type WindowCut } from './kinds.ts';
import type { CheaperFields } from './state.ts';
import { globalRow, linearRow, sharpness, windowRow } from './weight-rows.ts';

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

/** What stage, prose, strip and drawer of lesson 10 share. */
export class CheaperViewModel extends ClassifierViewModel<CheaperFields> {
  readonly runs: AttentionRuns;
  readonly clock: Clock;

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
  /** The chosen patch on a grid. */
  tokenOn(grid: number): number {
    const size = this.config.image / grid;
    const [y, x] = this.state.at;
    const cell = (v: number) => Math.min(grid - 1, Math.floor(v / size));
    return cell(y) * grid + cell(x);
  }
}
