import { basePath, ensureBuild } from '../../scripts/lib/build.js';
import { listen, siteHandler } from '../../scripts/lib/site.js';
import { launch } from './chromium.ts';
import { measureLesson, type Control } from './lesson-page.ts';
import { bounded, median, ms, type Row } from './table.ts';

const SLUG = '12-words-and-pictures';
const WEIGHT = 'Lesson 12 as it is downloaded, gzip, before runtime and model';
const ANSWERS =
  'Lesson 12: from a control to the stage that stands, beyond the forward passes (built site, Chromium, WASM, median of 7)';
const TYPING = 'Lesson 12: from a typed letter to the ranking of all signs (built site, Chromium, WASM)';
const TASKS = 'Lesson 12: longest task of the main thread (built site, Chromium)';
const LIMIT = 100;

/** Not every view has the model’s line. */
const ready = '.stage [data-panel] [data-from^="tensor"]';
/** Every control of the stage, in the view that has it. */
const CONTROLS: readonly Control[] = [
  { what: 'signs or photos', query: 'view=find', field: 'among', between: [0, 1], ready },
  { what: 'scale of the matrix', query: 'view=matrix', field: 'scale', between: [1, 20], ready },
  { what: 'what the matrix shows', query: 'view=matrix', field: 'show', between: [0, 1], ready },
  { what: 'wording of labels', query: 'view=zero', field: 'prompt', between: [0, 2], ready },
  { what: 'set of classes', query: 'view=angles', field: 'set', between: [0, 3], ready },
  { what: 'twin texts', query: 'view=fails', field: 'twin', between: [0, 1], ready },
  { what: 'temperature of two views', query: 'view=views', field: 'tau', between: [0.5, 0.1], ready },
];
const WORDS = ['goat', 'dog', 'rain', '山羊', '下雨', 'something to drink', 'broken heart', '生日', 'wheel'];

/** From a text in the field to the list of it, and the longest task while all signs are mapped. */
async function measureTyping(): Promise<Row[]> {
  if (!ensureBuild()) throw new Error('the site could not be built');
  const server = await listen(siteHandler({ base: basePath() }));
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    await page.addInitScript('globalThis.__name ??= (f) => f');
    await page.goto(`http://localhost:${server.port}${basePath()}/en/${SLUG}/?v=1&device=wasm`);
    await page.locator('h4[data-of="goat"]').waitFor({ timeout: 120_000 });
    const took = (text: string) =>
      page.evaluate(async (text) => {
        const input = document.querySelector<HTMLInputElement>('[data-field="word"] input')!;
        const began = performance.now();
        input.value = text;
        input.dispatchEvent(new Event('input', { bubbles: true }));
        const of = () => document.querySelector('h4[data-of]')?.getAttribute('data-of');
        while (of() !== text) await new Promise((frame) => requestAnimationFrame(frame));
        return performance.now() - began;
      }, text);
    for (const word of WORDS.slice(0, 3)) await took(`a ${word}`);
    const all: number[] = [];
    for (const word of WORDS) all.push(await took(word === 'goat' ? 'goats' : word));
    await page.evaluate(() => {
      const seen = globalThis as unknown as { tasks: number[] };
      seen.tasks = [0];
      new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map((e) => e.duration))).observe(
        {
          entryTypes: ['longtask'],
        },
      );
    });
    await page.getByRole('radio', { name: 'Map', exact: true }).check({ force: true });
    const map = page.locator('[data-panel="map"] [role="application"]');
    await map.waitFor({ timeout: 60_000 });
    await map.focus();
    for (let i = 0; i < 30; i++) await map.press(i % 2 ? '+' : 'ArrowRight');
    const longest = await page.evaluate(() =>
      Math.max(...(globalThis as unknown as { tasks: number[] }).tasks),
    );
    return [
      bounded(TYPING, `median of ${WORDS.length} texts, the pass included`, median(all), 50, ms),
      bounded(TASKS, 'map of all signs: computed, drawn, gone over by keys', longest, 50, ms),
    ];
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Lesson 12: what its page weighs, how soon its controls and a typed text are answered, and its longest task. */
export const measureWords = async (): Promise<Row[]> => [
  ...(await measureLesson(SLUG, CONTROLS, { weight: WEIGHT, answers: ANSWERS, limit: LIMIT })),
  ...(await measureTyping()),
];
