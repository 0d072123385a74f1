import type { Page } from 'playwright-core';
import { basePath, ensureBuild } from '../../scripts/lib/build.js';
import { listen, siteHandler } from '../../scripts/lib/site.js';
import { launch } from './chromium.ts';
import { measureWeight } from './lesson-page.ts';
import { bounded, median, ms, type Row } from './table.ts';

const WEIGHT = 'Lesson 1 as it is downloaded, gzip, before runtime and model';
const READY = 'Lesson 1, from the request to a slider that answers (Chromium, empty cache)';

/**
 * Milliseconds from the start of navigation until a slider, moved, changes the shapes on the page. Before the page's
 * scripts run a moved slider changes nothing.
 */
async function timeToAnswer(page: Page, url: string): Promise<number> {
  // The compiler's helper for names of inner functions, which the script below must find.
  await page.addInitScript('globalThis.__name ??= (f) => f');
  await page.addInitScript(() => {
    const shapes = () => [...document.querySelectorAll('[data-tensor]')].map((e) => e.textContent).join(' ');
    const attempt = () => {
      const slider = document.querySelector<HTMLInputElement>('main input[type="range"]');
      if (!slider) return void requestAnimationFrame(attempt);
      const before = shapes();
      slider.value = String(slider.valueAsNumber === Number(slider.max) ? slider.min : slider.max);
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      requestAnimationFrame(() => {
        if (shapes() === before) attempt();
        else (globalThis as { answered?: number }).answered = performance.now();
      });
    };
    requestAnimationFrame(attempt);
  });
  await page.goto(url);
  const handle = await page.waitForFunction(() => (globalThis as { answered?: number }).answered);
  return (await handle.jsonValue()) ?? Number.NaN;
}

/** Weight of the built lesson 1 and the time until it answers. */
export async function measureSite(): Promise<Row[]> {
  if (!ensureBuild()) throw new Error('the site could not be built');
  const server = await listen(siteHandler({ base: basePath() }));
  const url = `http://localhost:${server.port}${basePath()}/en/01-patches/`;
  const browser = await launch();
  try {
    const fresh = async () =>
      (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    const weight = await measureWeight(browser, url, WEIGHT);
    const answers: number[] = [];
    for (let i = 0; i < 5; i++) {
      const page = await fresh();
      answers.push(await timeToAnswer(page, url));
      // Else its model goes on loading and computing beside the next one's page.
      await page.context().close();
    }
    return [
      ...weight,
      bounded(READY, 'median of 5', median(answers), 2000, ms),
      { group: READY, what: 'slowest of 5', value: ms(Math.max(...answers)) },
    ];
  } finally {
    await browser.close();
    await server.close();
  }
}
