import { measureLesson, type Control } from './lesson-page.ts';
import type { Row } from './table.ts';

/** Beyond the passes: what a control may take, and an object that is moved. */
const LIMIT = 100;
const DRAGGED = 50;
const weightOf = (lesson: number) => `Lesson ${lesson} as it is downloaded, gzip, before runtime and model`;
const answersOf = (lesson: number, what: string) =>
  `Lesson ${lesson}: from ${what} to the stage that stands, beyond the forward passes (built site, Chromium, WASM, median of 7)`;

/** Controls of lesson 13, in the views that have them. */
const VIDEO: readonly Control[] = [
  { what: 'frames or tubelets', query: 'view=cut', field: 'cut', between: [1, 0] },
  { what: 'frames that are counted', query: 'view=cut&part=count', field: 'f', between: [1, 3] },
  { what: 'head through time', query: 'view=through', field: 'h', between: [0, 2] },
  { what: 'what is done to the clip', query: 'view=break', field: 'change', between: [1, 2] },
];
/** The same of lesson 14. */
const DETECTION: readonly Control[] = [
  { what: 'probability of a detection', query: 'view=scene', field: 'sure', between: [0.5, 0.7] },
  { what: 'head of the decoder', query: 'view=queries&look=self', field: 'h', between: [0, 2] },
  { what: 'layer that is matched', query: 'view=match', field: 'l', between: [0, 1] },
];
const SCENE: readonly Control[] = [
  {
    what: 'an object moved',
    query: 'view=scene',
    selector: '.stage [data-object="0"]',
    between: [0, 1],
    ready: '[data-board="answered"]',
  },
];

/** Lessons 13 and 14: what their pages weigh, and how soon controls and a moved object are answered. */
export async function measureSeeing(): Promise<Row[]> {
  const control = 'a control';
  const scene = await measureLesson('14-detection', SCENE, {
    weight: weightOf(14),
    answers: answersOf(14, 'an object moved by a key'),
    limit: DRAGGED,
  });
  return [
    ...(await measureLesson('13-video', VIDEO, {
      weight: weightOf(13),
      answers: answersOf(13, control),
      limit: LIMIT,
    })),
    ...(await measureLesson('14-detection', DETECTION, {
      weight: weightOf(14),
      answers: answersOf(14, control),
      limit: LIMIT,
    })),
    ...scene.filter(({ group }) => group !== weightOf(14)),
  ];
}
