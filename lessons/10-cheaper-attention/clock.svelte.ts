import { awaiting } from '#lib/base/awaited.svelte.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import type { FaultRecord } from '#lib/base/errors.ts';
import type { InputValues } from '#lib/models/family.ts';
import type { AttentionRuns, Run } from './attention-runs.svelte.ts';
import { DRAWN } from './kind-names.ts';
import { kindCost } from './kind-costs.ts';
import { windowFor } from './kinds.ts';

/** Sides of the grids that are timed: 196, 784, 3,136 and 12,544 tokens. */
export const TIMED_GRIDS = [14, 28, 56, 112] as const;
/** Bytes that the weights of all pairs may take: softmax needs them twice, before and after. */
const MOST_BYTES = 1.2e9;
/** Passes of which the median is taken, after one that is not counted. */
const PASSES = 3;

/** One kind at one number of tokens: milliseconds, or why there are none. */
export interface Timing {
  readonly kind: Run;
  readonly grid: number;
  readonly ms?: number;
  /** Bytes it would need, where that is too much for a page. */
  readonly needs?: number;
}

/** Side of the windows that are timed, in tokens. */
export const TIMED_WINDOW = 7;

/** Bytes of the weights of all pairs, two tensors of which live at once; 0 for a kind that makes none. */
export function bytesOf(kind: Run, grid: number): number {
  const pairs = kind === 'global' || kind === 'linear-quadratic';
  return pairs ? 2 * 4 * kindCost(kind, grid, TIMED_WINDOW).largest : 0;
}

/**
 * Milliseconds of each way to look, measured in this page on the picture's queries, keys and values, at growing numbers
 * of tokens; larger grids repeat the picture's rows, which changes no cost.
 */
export class Clock {
  readonly #runs: AttentionRuns;
  #timings = $state.raw<readonly Timing[]>([]);
  #fault = $state.raw<FaultRecord>();
  #stop = $state.raw<AbortController>();

  constructor(runs: AttentionRuns) {
    this.#runs = runs;
  }
  get timings(): readonly Timing[] {
    return this.#timings;
  }
  get busy(): boolean {
    return this.#stop !== undefined;
  }
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }
  cancel(): void {
    this.#stop?.abort();
  }

  /** Measures what is not measured yet. @param given queries, keys, values `[h, N, d]` */
  async measure(
    given: Readonly<Record<'q' | 'k' | 'v', Float32Array>>,
    heads: number,
    headDim: number,
  ): Promise<void> {
    if (this.busy) return;
    const stop = (this.#stop = new AbortController());
    this.#fault = undefined;
    try {
      await awaiting(async () => {
        for (const grid of TIMED_GRIDS) {
          const fed = Object.fromEntries(
            (['q', 'k', 'v'] as const).map((name) => [name, tiled(given[name], heads, grid ** 2, headDim)]),
          );
          for (const kind of DRAWN) {
            if (this.#timings.some((known) => known.kind === kind && known.grid === grid)) continue;
            const needs = bytesOf(kind, grid);
            const timing =
              needs > MOST_BYTES
                ? { kind, grid, needs }
                : { kind, grid, ms: await this.#time(kind, grid, fed, stop.signal) };
            if (stop.signal.aborted) return;
            this.#timings = [...this.#timings, timing];
          }
        }
      });
    } catch (error) {
      const fault = toRecord(error);
      if (fault.code !== 'cancelled') this.#fault = fault;
    } finally {
      this.#stop = undefined;
    }
  }

  async #time(kind: Run, grid: number, inputs: InputValues, signal: AbortSignal): Promise<number> {
    const variant = { grid, window: windowFor(grid, TIMED_WINDOW) };
    const all: number[] = [];
    for (let i = 0; i <= PASSES; i++) {
      const { ms } = await this.#runs.lives[kind].pass({ inputs, outputs: ['out'], variant }, { signal });
      if (i > 0) all.push(ms);
    }
    return all.sort((a, b) => a - b)[Math.floor(all.length / 2)]!;
  }
}

/** Rows `[h, N, d]` repeated or cut to `tokens` rows a head: `[h, tokens, d]`. */
export function tiled(rows: Float32Array, heads: number, tokens: number, d: number): Float32Array {
  const per = rows.length / heads;
  const out = new Float32Array(heads * tokens * d);
  for (let h = 0; h < heads; h++)
    for (let at = 0; at < tokens * d; at += per) {
      const part = rows.subarray(h * per, h * per + Math.min(per, tokens * d - at));
      out.set(part, h * tokens * d + at);
    }
  return out;
}
