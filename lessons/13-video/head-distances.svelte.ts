import { spaceDistance, spaceTimeDistance, type ClipGrid } from '#lib/analysis/space-time.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import { inStretches } from '#lib/figures/draw/work.ts';
import type { Net } from './state.ts';

/** How far a head looks. */
export interface HeadDistance {
  readonly layer: number;
  readonly head: number;
  /** Of the second encoder, over time. */
  readonly temporal: boolean;
  /** In tubelets, and in patches. */
  readonly time: number;
  readonly space: number;
}

/** The attention weights of all layers of a network. */
export interface AttentionOf {
  readonly net: Net;
  /** `[h, T, T]` of all tokens together; `[t, h, T, T]` where each time is by itself. */
  readonly layers: readonly Tensor[];
  /** Of the second encoder `[h, 1 + t, 1 + t]`; none where there is no such. */
  readonly temporal: readonly Tensor[];
  readonly grid: ClipGrid;
}

/** How far the heads look, computed a head at a time after new attention has come; the old ones stay until then. Reactive. */
export class HeadDistances {
  #found = $state.raw<{ readonly of: AttentionOf; readonly heads: readonly HeadDistance[] }>();

  /** Make it where effects may be opened. */
  constructor(attention: () => AttentionOf | undefined) {
    $effect(() => {
      const of = attention();
      if (!of) return;
      const stop = new AbortController();
      const works = worksOf(of);
      const heads: HeadDistance[] = [];
      const step = (k: number) => {
        const one = works[k]?.();
        if (one) heads.push(one);
      };
      void inStretches(works.length, step, { stretch: 1, signal: stop.signal }).then((whole) => {
        if (whole) this.#found = { of, heads };
      });
      return () => stop.abort();
    });
  }

  /** The distances of a network, once they are computed. */
  of(net: Net): readonly HeadDistance[] | undefined {
    return this.#found?.of.net === net ? this.#found.heads : undefined;
  }
}

/** A computation for each head, first those of the first encoder. */
function worksOf({ net, layers, temporal, grid }: AttentionOf): readonly (() => HeadDistance)[] {
  const first = layers.flatMap((tensor, layer) => {
    const heads = tensor.shape[net === 'joint' ? 0 : 1] ?? 0;
    const tokens = tensor.shape.at(-1) ?? 0;
    return Array.from({ length: heads }, (_, head) => () => {
      const found =
        net === 'joint'
          ? spaceTimeDistance(tensor.data, grid, head * tokens * tokens)
          : { time: 0, space: spaceDistance(tensor.data, grid, { head, heads }) };
      return { layer, head, temporal: false, ...found };
    });
  });
  const second = temporal.flatMap((tensor, layer) => {
    const [heads = 0, tokens = 0] = tensor.shape;
    return Array.from({ length: heads }, (_, head) => () => {
      const found = spaceTimeDistance(tensor.data, { ...grid, grid: 1 }, head * tokens * tokens);
      return { layer, head, temporal: true, ...found };
    });
  });
  return [...first, ...second];
}
