import { measureLesson, type Control } from './lesson-page.ts';
import type { Row } from './table.ts';

const WEIGHT = 'Lesson 10 as it is downloaded, gzip, before runtime and model';
const ANSWERS =
  'Lesson 10, 784 tokens: from a control to the stage that stands, beyond the forward passes (built site, Chromium, WASM, median of 7)';
const LIMIT = 100;

/** Every control of the stage, in the view that has it. */
const CONTROLS: readonly Control[] = [
  { what: 'patch size', query: 'view=bill&p=8', field: 'p', between: [0, 2] },
  { what: 'layer', query: 'view=look', field: 'l', between: [9, 5] },
  { what: 'head', query: 'view=look', field: 'h', between: [1, 2] },
  { what: 'kind over the picture', query: 'view=look', field: 'kind', between: [1, 3] },
  { what: 'weights or difference', query: 'view=look', field: 'over', between: [0, 1] },
  { what: 'window side', query: 'view=look', field: 'm', between: [2, 1] },
  { what: 'station of a shifted window', query: 'view=roll', field: 'step', between: [0, 3] },
  { what: 'feature of the cell', query: 'view=order', selector: '#order-feature', between: [0, 9] },
  { what: 'factor on the queries', query: 'view=sharp', field: 'by', between: [2, 4] },
  { what: 'side of the picture', query: 'view=scales', field: 'side', between: [0, 2] },
  { what: 'part of the windows left out', query: 'view=prune&m=4', field: 'r', between: [0.5, 0.75] },
  { what: 'what is shown of the twins', query: 'view=twins', field: 'twin', between: [0, 1] },
  { what: 'share left out of stage 0', query: 'view=search', field: 'r0', between: [3, 5] },
  { what: 'budget of the search', query: 'view=search', field: 'budget', between: [0.6, 0.7] },
  { what: 'attempts of the search', query: 'view=search', field: 'tries', between: [8, 24] },
];

/** Lesson 10: what its page weighs, and how soon each of its controls is answered. */
export const measureCheaper = (): Promise<Row[]> =>
  measureLesson('10-cheaper-attention', CONTROLS, { weight: WEIGHT, answers: ANSWERS, limit: LIMIT });
