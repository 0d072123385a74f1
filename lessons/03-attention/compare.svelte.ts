import { rollout, valueNormRelevance, type LayerAttention } from '#lib/analysis/attention.ts';
import { SIDE } from '#lib/notebook/classifier-sizes.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import { stretched } from './head-measures.svelte.ts';
import { rowOf, type ShownAttention } from './attention.ts';
import type { Method } from './state.ts';

/** Weights over all tokens, `[T]`, sum 1, with where their numbers come from. */
export interface Reading {
  readonly weights: Float32Array;
  readonly from: string;
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/**
 * Weights of a g × g grid on a finer one whose side is a multiple of g, in multiples of the even share 1/g²: so that
 * grids of different patch sizes can be compared.
 */
export function density(weights: ArrayLike<number>, grid: number, fine: number): Float32Array {
  const by = fine / grid;
  const out = new Float32Array(fine * fine);
  for (let r = 0; r < fine; r++)
    for (let c = 0; c < fine; c++)
      out[r * fine + c] = weights[Math.floor(r / by) * grid + Math.floor(c / by)]! * grid * grid;
  return out;
}

/** The difference of two rows over the patches. */
export interface Difference {
  /** Side of the grids of all three. */
  readonly grid: number;
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly change: Float32Array;
  /** `weight`, or multiples of an even share where the patch sizes differ. */
  readonly unit: 'weight' | 'even';
}

/** Other ways to read the attention of the token that asks; computed while the comparison is looked at. */
export class Compare {
  readonly #shown: ShownAttention;
  /** Mean over the heads of every layer, `[T, T]`. */
  #means = $state.raw<{ of: readonly Tensor[]; layers: readonly LayerAttention[] }>();

  constructor(shown: ShownAttention) {
    this.#shown = shown;
    $effect(() => {
      const of = shown.layers;
      if (!of || shown.state.view !== 'compare' || this.#means?.of === of) return;
      const layers: LayerAttention[] = [];
      return stretched(
        of.length,
        (l) => layers.push(meanOverHeads(of[l]!)),
        () => (this.#means = { of, layers }),
      );
    });
    $effect(() => {
      if (shown.state.view !== 'compare' || shown.silence !== undefined) return;
      return shown.live.tensors.want(this.#valueName);
    });
    $effect(() => {
      if (!this.#across || shown.silence !== undefined) return;
      return shown.other.tensors.want(this.#otherName);
    });
  }

  get #valueName(): string {
    return `blocks.${this.#shown.state.l}.attn.v`;
  }
  get #otherName(): string {
    return `blocks.${this.#shown.state.l2}.attn.probs`;
  }
  /** Whether the second map is of another patch size, and so of another run. */
  get #across(): boolean {
    const { view, how, p, p2 } = this.#shown.state;
    return view === 'compare' && how === 'diff' && p2 !== p;
  }
  get pending(): boolean {
    return this.#across && this.#shown.other.pending;
  }

  readonly raw: Reading | undefined = $derived.by(() => {
    const { l, h } = this.#shown.state;
    const weights = this.#shown.row(l, h);
    return weights && { weights, from: `tensor:blocks.${l}.attn.probs` };
  });
  /** Rollout through the layers 0 … l. */
  readonly rollout: Reading | undefined = $derived.by(() => {
    const { l } = this.#shown.state;
    const means = this.#means;
    if (means?.of !== this.#shown.layers || !means) return undefined;
    const weights = Float32Array.from(rollout(means.layers.slice(0, l + 1), this.#shown.query));
    return { weights, from: `tensor:blocks.${l}.attn.probs` };
  });
  /** Attention × length of the value, scaled to sum 1. */
  readonly norm: Reading | undefined = $derived.by(() => {
    const { h } = this.#shown.state;
    const v = this.#shown.live.tensors.get(this.#valueName);
    const row = this.raw?.weights;
    if (!v || !row || v.shape[1] !== row.length) return undefined;
    const d = v.shape[2]!;
    const carried = valueNormRelevance(row, v.data, d, h * row.length * d);
    const sum = carried.reduce((a, b) => a + b, 0);
    return { weights: Float32Array.from(carried, (x) => x / sum), from: `tensor:${this.#valueName}` };
  });
  reading(how: Exclude<Method, 'diff'>): Reading | undefined {
    return this[how];
  }

  readonly difference: Difference | undefined = $derived.by(() => {
    const { place, state } = this.#shown;
    const first = this.raw?.weights;
    if (!first) return undefined;
    if (state.p2 === state.p) {
      const second = this.#shown.row(state.l2, state.h2);
      return second && minus(first.subarray(1), second.subarray(1), place.grid, 'weight');
    }
    const layer = this.#shown.other.tensors.get(this.#otherName);
    const theirs = layer && Math.round(Math.sqrt(layer.shape[1]! - 1));
    if (!theirs || theirs !== Math.floor(SIDE / state.p2)) return undefined;
    const second = rowOf(layer, state.h2, this.#queryAt(theirs));
    if (!second) return undefined;
    const fine = (place.grid * theirs) / gcd(place.grid, theirs);
    return minus(
      density(first.subarray(1), place.grid, fine),
      density(second.subarray(1), theirs, fine),
      fine,
      'even',
    );
  });

  /** The token of another grid that holds the middle of the one that asks. */
  #queryAt(grid: number): number {
    const { query, place } = this.#shown;
    if (query < place.prefix) return 0;
    const n = query - place.prefix;
    const at = (k: number) => Math.floor(((k + 0.5) / place.grid) * grid);
    return place.prefix + at(Math.floor(n / place.grid)) * grid + at(n % place.grid);
  }
}

function minus(a: Float32Array, b: Float32Array, grid: number, unit: Difference['unit']): Difference {
  return { grid, a, b, change: a.map((v, i) => v - b[i]!), unit };
}

/** The mean over heads of a layer's attention `[h, T, T]`. */
export function meanOverHeads({ data, shape }: Tensor): LayerAttention {
  const [heads = 1, tokens = 0] = shape;
  const size = tokens * tokens;
  const mean = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let h = 0; h < heads; h++) sum += data[h * size + i]!;
    mean[i] = sum / heads;
  }
  return { data: mean, heads: 1, tokens };
}
