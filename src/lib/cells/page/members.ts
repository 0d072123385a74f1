import d3 from 'd3?members';
import Plot from '@observablehq/plot?members';
import { CONTROLS } from '../controls.ts';

/** What follows the dot after the name of a library. */
export const MEMBERS: Readonly<Partial<Record<string, readonly string[]>>> = {
  Plot,
  d3,
  Inputs: CONTROLS,
  Math: Object.getOwnPropertyNames(Math).sort(),
};
