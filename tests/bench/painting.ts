import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { measureLesson, type Control } from './lesson-page.ts';
import type { PaintingTimes } from './painting-node.ts';
import { bounded, ms, seconds, times, type Row } from './table.ts';

const LIMIT = 100;
const weightOf = (lesson: number) => `Lesson ${lesson} as it is downloaded, gzip, before runtime and model`;
const answersOf = (lesson: number) =>
  `Lesson ${lesson}: from a control to the stage that stands, beyond the forward passes (built site, Chromium, WASM, median of 7)`;

/** Controls of lesson 15 that start no painting, in the views that have them. */
const LATENTS: readonly Control[] = [
  { what: 'what is lost', query: 'view=lost', field: 'loss', between: [0, 1], ready: '.stage [data-panel]' },
  {
    what: 'added to a latent cell',
    query: 'view=latent',
    field: 'add',
    between: [2, -2],
    ready: '.stage [data-panel]',
  },
  {
    what: 'rows of the table',
    query: 'view=table',
    field: 'large',
    between: [0, 1],
    ready: '.stage [data-panel]',
  },
];
/** The same of lesson 16. */
const CODES: readonly Control[] = [
  {
    what: 'order of the codebook',
    query: 'view=book',
    field: 'sort',
    between: [0, 1],
    ready: '.stage [data-panel]',
  },
  {
    what: 'code put in another’s place',
    query: 'view=replace',
    field: 'to',
    between: [7, 300],
    ready: '.stage [data-panel]',
  },
  {
    what: 'steps of the straight-through example',
    query: 'view=through',
    field: 'made',
    between: [3, 9],
    ready: '.stage [data-panel]',
  },
  {
    what: 'quality of the JPEG',
    query: 'view=rate',
    field: 'q',
    between: [30, 80],
    ready: '.stage [data-panel]',
  },
  {
    what: 'scales added up',
    query: 'view=pyramid',
    field: 'upto',
    between: [2, 4],
    ready: '[data-pyramid="ready"]',
  },
];

function inNode(threads: number): PaintingTimes {
  const script = join('tests', 'bench', 'painting-node.ts');
  const done = spawnSync(process.execPath, ['--expose-gc', '--import', 'tsx', script, String(threads)], {
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`painting-node.ts: ${done.stderr}`);
  return JSON.parse(done.stdout.trim().split('\n').at(-1)!) as PaintingTimes;
}

/** Lessons 15 and 16: what a picture from words takes, memory, the pages' weight, and how soon controls are answered. */
export async function measurePainting(): Promise<Row[]> {
  const threads = 2;
  const node = inNode(threads);
  const group = `Pictures from words, WASM in Node, ${threads} threads`;
  const passes = (count: number) => `${count} ${count === 1 ? 'pass' : 'passes'}`;
  return [
    bounded(group, 'a step of uvit-words in latents, batch 2 for guidance', node.step, 60, ms),
    bounded(group, 'a latent decoded by kl-f8', node.decode, 40, ms),
    bounded(
      group,
      `64 codes one after another (${passes(node.passes.raster)}), the whole picture`,
      node.raster / 1e3,
      3,
      seconds,
    ),
    {
      group,
      what: `64 codes in masked rounds (${passes(node.passes.masked)}), the whole picture`,
      value: ms(node.masked),
    },
    bounded(
      group,
      `130 codes by scales (${passes(node.passes.scales)}), the whole picture`,
      node.scales,
      500,
      ms,
    ),
    { group, what: 'the same, and what codes leave over painted in 8 steps', value: ms(node.refined) },
    bounded(
      group,
      'memory after 50 pictures of each kind over after 5',
      node.held50 / node.held5,
      1.1,
      times,
    ),
    bounded(
      group,
      'the whole process, WebAssembly’s memory included: the same two',
      node.whole50 / node.whole5,
      1.1,
      times,
    ),
    ...(await measureLesson('15-latents', LATENTS, {
      weight: weightOf(15),
      answers: answersOf(15),
      limit: LIMIT,
    })),
    ...(await measureLesson('16-codes', CODES, {
      weight: weightOf(16),
      answers: answersOf(16),
      limit: LIMIT,
    })),
  ];
}
