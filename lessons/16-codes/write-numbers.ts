import { formatCount, formatFixed, formatShort } from '#lib/base/format.ts';
import { fromGraph, type Numbers } from '#lib/notebook/numbers.ts';
import { COSTS } from './cache-costs.ts';
import { PLACES, TOLD } from './model.ts';
import { TOKENS } from './token-rows.ts';
import type { CodesViewModel } from './view-model.svelte.ts';

/** Numbers of the steps that the `write` views belong to. */
export const writeNumbers: Numbers<CodesViewModel> = {
  /** Half of the places. */
  half: () => fromGraph(PLACES / 2),
  /** Tokens of the raster network, and those after the one that the first code is read from. */
  T: () => fromGraph(TOKENS, 'T'),
  later: () => fromGraph(TOKENS - TOLD - 1),
  anewTokens: () => fromGraph(formatCount(COSTS.anew.tokens)),
  cachedTokens: () => fromGraph(formatCount(COSTS.cached.tokens)),
  anewMacs: () => fromGraph(formatShort(COSTS.anew.macs)),
  cachedMacs: () => fromGraph(formatShort(COSTS.cached.macs)),
  /** Multiply-adds of a pass of all tokens over those of one with a cache. */
  macsRatio: () => fromGraph(formatFixed(COSTS.anew.macsEach / COSTS.cached.macsEach, 0)),
};
