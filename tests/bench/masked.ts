import { measureLesson, type Control } from './lesson-page.ts';
import type { Row } from './table.ts';

const WEIGHT = 'Lesson 11 as it is downloaded, gzip, before runtime and model';
const ANSWERS =
  'Lesson 11, 144 patches: from a control to the stage that stands, beyond the forward passes (built site, Chromium, WASM, median of 7)';
const LIMIT = 100;

/** Every control of the stage, in the view that has it; another ratio is another graph of the same weights. */
const CONTROLS: readonly Control[] = [
  { what: 'hidden part', query: 'view=hide', field: 'r', between: [0.75, 0.5] },
  { what: 'seed', query: 'view=hide', field: 'seed', between: [3, 4] },
  { what: 'random, blocks or grid', query: 'view=hide', field: 'kind', between: [0, 1] },
  { what: 'station of the way', query: 'view=way', field: 'step', between: [2, 4] },
  { what: 'hidden part, costs', query: 'view=cost', field: 'r', between: [0.75, 0.5] },
  { what: 'seed, normalised pixels', query: 'view=norm', field: 'seed', between: [3, 4] },
  { what: 'change', query: 'view=break', field: 'change', between: [0, 2] },
];

/** Lesson 11: what its page weighs, and how soon each of its controls is answered. */
export const measureMasked = (): Promise<Row[]> =>
  measureLesson('11-masked-autoencoders', CONTROLS, { weight: WEIGHT, answers: ANSWERS, limit: LIMIT });
