import type { InputValues } from '#lib/models/registry.ts';
import { keptMask } from './kept-queries.ts';
import type { Change } from './state.ts';

const OFF = Float32Array.of(0);
/** The queries’ attention to one another is taken out. */
export const ALONE: InputValues = { query_attention: OFF };
const EQUAL: InputValues = { query_spread: OFF };
const PLACELESS: InputValues = { pos_scale: OFF, key_pos_scale: OFF };

/** What a change sets in the network: fewer queries, all of them their mean, or positions nowhere. */
export function changeInputs(change: Change, queries: number, kept: number): InputValues {
  switch (change) {
    case 'fewer':
      return { query_mask: keptMask(queries, kept) };
    case 'equal':
      return EQUAL;
    case 'positions':
      return PLACELESS;
  }
}
