import { sincos2d } from '#lib/models/shared/positions.ts';
import { column, similarityRow, unitRows } from '#lib/analysis/similarity.ts';
import { inStretches } from '#lib/figures/draw/work.ts';
import type { SmallMap } from '#lib/figures/maps/paint.ts';
import { CONFIG } from '#lib/notebook/patch-shapes.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';

export interface PositionsWish {
  /** Patches a side. */
  readonly side: number;
  readonly table: 'learned' | 'sincos';
  readonly draw: 'near' | 'features';
  /** Somebody looks at all maps, not at one. */
  readonly all: boolean;
}

/** A position table, learned or written down, and the cosines between its rows. */
export class Positions {
  readonly #wish: () => PositionsWish;
  readonly #live: LiveModel;
  #maps = $state.raw<{ of: Float32Array; draw: string; maps: readonly SmallMap[] }>();

  constructor(wish: () => PositionsWish, live: LiveModel) {
    this.#wish = wish;
    this.#live = live;
    $effect(() => {
      const { draw, all } = wish();
      const { rows } = this;
      if (!all || !rows) return;
      const stop = new AbortController();
      void this.#draw(rows, draw, stop.signal);
      return () => stop.abort();
    });
  }

  /** The table `[N, D]` at the present grid; undefined while the learned one is on its way. */
  readonly rows = $derived.by(() => {
    const { side, table } = this.#wish();
    if (table === 'sincos') return sincos2d(side, side, CONFIG.dim);
    const learned = this.#live.tensors.get('pos_embed')?.data;
    return learned?.length === side * side * CONFIG.dim ? learned : undefined;
  });
  readonly #unit = $derived.by(() => this.rows && unitRows(this.rows, CONFIG.dim));

  /** Cosines of position `n` with all others `[N]`. */
  near(n: number): Float32Array | undefined {
    return this.#unit && similarityRow(this.#unit, CONFIG.dim, n);
  }
  /**
   * How cosines are coloured: a learned table from −1 to 1; a written one, whose cosines are all high, from its lowest
   * (that of two opposite corners) to 1.
   */
  readonly scale = $derived.by(() => {
    if (this.#wish().table === 'learned') return { kind: 'diverging', range: [-1, 1] } as const;
    const low = this.near(0)?.reduce((a, b) => Math.min(a, b), 1) ?? 0;
    return { kind: 'sequential' as const, range: [low, 1] as const };
  });
  /** Feature `f` of all positions `[N]`. */
  feature(f: number): Float32Array | undefined {
    return this.rows && column(this.rows, CONFIG.dim, f);
  }
  /** A map a position, or a map a feature; undefined while they are made. */
  get maps(): readonly SmallMap[] | undefined {
    const made = this.#maps;
    return made && made.of === this.rows && made.draw === this.#wish().draw ? made.maps : undefined;
  }

  async #draw(rows: Float32Array, draw: 'near' | 'features', signal: AbortSignal): Promise<void> {
    const side = Math.round(Math.sqrt(rows.length / CONFIG.dim));
    const unit = unitRows(rows, CONFIG.dim);
    const count = draw === 'near' ? side * side : CONFIG.dim;
    const maps: SmallMap[] = [];
    const done = await inStretches(
      count,
      (a, b) => {
        for (let i = a; i < b; i++) {
          const values = draw === 'near' ? similarityRow(unit, CONFIG.dim, i) : column(rows, CONFIG.dim, i);
          maps.push({ id: `${i}`, label: '', title: `${i}`, values, rows: side, cols: side });
        }
      },
      { stretch: 8, signal },
    );
    if (done) this.#maps = { of: rows, draw, maps };
  }
}
