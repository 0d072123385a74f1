import type { Browser, Page } from 'playwright-core';
import { basePath, ensureBuild } from '../../scripts/lib/build.js';
import { listen, siteHandler } from '../../scripts/lib/site.js';
import { launch } from './chromium.ts';
import { bounded, kilobytes, median, ms, type Row } from './table.ts';
import { byKind, PAGE_LIMIT, weigh } from './weight.ts';

/** A control of a lesson's stage, moved to and fro between two places. */
export interface Control {
  readonly what: string;
  /** The link of the view that has it, without `?`. */
  readonly query: string;
  /** A slider or radio buttons, by the field of the state it sets; or a selector of an input, or of what arrow keys move. */
  readonly field?: string;
  readonly selector?: string;
  /** What a slider is set to (with stops, their numbers from 0), which of the radio buttons are pressed; keys: 0 left, 1 right. */
  readonly between: readonly [number, number];
  /** What is visible once the view answers; by default the model’s line. */
  readonly ready?: string;
}

/** What a control took: milliseconds until the stage stood still, and of the forward passes that it waited for. */
interface Answer {
  readonly took: number;
  readonly passes: number;
}

const ROUNDS = 7;
/** A stage that stood still as long as this, in milliseconds, has answered. */
const QUIET = 350;

/** Notes in the page what forward passes take, as the worker says it. */
export const METER = () => {
  const page = globalThis as { passes?: { ms: number; sessionMs: number }[] };
  page.passes = [];
  const Real = Worker;
  globalThis.Worker = class extends Real {
    constructor(...given: ConstructorParameters<typeof Worker>) {
      super(...given);
      this.addEventListener(
        'message',
        ({ data }: MessageEvent<{ result?: { ms?: number; sessionMs?: number } }>) => {
          const { ms, sessionMs = 0 } = data.result ?? {};
          if (ms !== undefined) page.passes!.push({ ms, sessionMs });
        },
      );
    }
  };
};

/** Moves a control once and watches the stage's words from frame to frame until they stand still. */
function move(page: Page, selector: string, value: number): Promise<Answer> {
  return page.evaluate(
    async ([selector, value, quiet]) => {
      const meter = globalThis as unknown as { passes: { ms: number; sessionMs: number }[] };
      const card = document.querySelector('.stage .card')!;
      const inputs = [...document.querySelectorAll<HTMLInputElement>(selector)];
      const input = inputs[0]?.type === 'radio' ? inputs[value]! : inputs[0]!;
      const key = value === 0 ? 'ArrowLeft' : 'ArrowRight';
      const seen = () => `${document.querySelector('.stage [data-computing]') !== null} ${card.textContent}`;
      let before = seen();
      meter.passes.length = 0;
      const began = performance.now();
      let last = began;
      let waited = 0;
      if (!(input instanceof HTMLInputElement))
        (input as HTMLElement).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      else if (input.type === 'radio') input.click();
      else {
        input.value = String(value);
        input.dispatchEvent(new Event('input', { bubbles: true }));
        input.dispatchEvent(new Event('change', { bubbles: true }));
      }
      for (let now = began; now - last < quiet || document.querySelector('.stage [data-computing]');) {
        now = await new Promise<number>((frame) => requestAnimationFrame(() => frame(performance.now())));
        const words = seen();
        if (words === before) continue;
        before = words;
        last = now;
        // Passes that come after the last change are of no answer to this control.
        waited = meter.passes.reduce((sum, pass) => sum + pass.ms + pass.sessionMs, 0);
      }
      if (last === began) throw new Error(`${selector} at ${value} changes nothing on the stage`);
      return { took: last - began, passes: waited };
    },
    [selector, value, QUIET] as const,
  );
}

/** What each control takes beyond the forward passes it asks for, held to `limit` milliseconds. */
async function measureControls(
  page: Page,
  url: string,
  controls: readonly Control[],
  { group, limit }: { readonly group: string; readonly limit: number },
): Promise<Row[]> {
  const rows: Row[] = [];
  await page.addInitScript('globalThis.__name ??= (f) => f');
  await page.addInitScript(METER);
  for (const { what, query, field, selector, between, ready } of controls) {
    await page.goto(`${url}?v=1&device=wasm&${query}`);
    await page
      .locator(ready ?? '[data-model-line="ready"] b')
      .first()
      .waitFor({ timeout: 120_000 });
    await page.waitForFunction(() => !document.querySelector('.stage [data-computing]'), undefined, {
      timeout: 120_000,
    });
    const at = selector ?? `.stage [data-field="${field}"] input`;
    // Once to and fro beforehand: sessions are built, scripts are compiled.
    for (const value of [between[1], between[0]]) await move(page, at, value);
    const answers: Answer[] = [];
    for (let i = 0; i < ROUNDS; i++) answers.push(await move(page, at, between[(i + 1) % 2]!));
    const passes = median(answers.map((answer) => answer.passes));
    const over = median(answers.map((answer) => answer.took - answer.passes));
    const said = passes > 0 ? `${what}, beyond passes of ${ms(passes)}` : what;
    rows.push(bounded(group, said, Math.max(0, over), limit, ms));
  }
  return rows;
}

/** What a lesson's page weighs for a reader with an empty cache. */
export async function measureWeight(browser: Browser, url: string, group: string): Promise<Row[]> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const { total, kinds } = byKind(await weigh(await context.newPage(), url));
    return [
      bounded(group, 'in all', total, PAGE_LIMIT, kilobytes),
      ...kinds.map(([kind, bytes]) => ({ group, what: kind, value: kilobytes(bytes) })),
    ];
  } finally {
    await context.close();
  }
}

/** A lesson of the built site: what its page weighs, and how soon each of its controls is answered. */
export async function measureLesson(
  slug: string,
  controls: readonly Control[],
  { weight, answers, limit }: { readonly weight: string; readonly answers: string; readonly limit: number },
): Promise<Row[]> {
  if (!ensureBuild()) throw new Error('the site could not be built');
  const server = await listen(siteHandler({ base: basePath() }));
  const url = `http://localhost:${server.port}${basePath()}/en/${slug}/`;
  const browser = await launch();
  try {
    const weighed = await measureWeight(browser, url, weight);
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    return [...weighed, ...(await measureControls(page, url, controls, { group: answers, limit }))];
  } finally {
    await browser.close();
    await server.close();
  }
}
