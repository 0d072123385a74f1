import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { test, type TestContext } from './harness.ts';
import { atRest, mixedFrames, noteFrames, notedFrames, slowWorkers } from './frames.ts';
import { lessonsToTest } from './pages.ts';

/**
 * Nothing shown is of something else: sliders, choices and pictures are changed in every view of every lesson while the
 * engine answers late, and every frame is looked at. It shows the state before, or the state after, or says that it computes.
 */

/** Milliseconds that each message to a worker waits. */
const SLOW = 250;

/**
 * What a frame says is looked at, not how it looks. So that it costs less the prose is left out, nothing is drawn, and what
 * turns as long as something is computed turns once.
 */
const CHEAP = `
  [data-prose] > * { display: none }
  body { opacity: 0 }
  *, ::before, ::after { animation-iteration-count: 1 !important }`;

/** Opens a lesson with its model, which from then on answers late. */
async function openSlow(ctx: TestContext, path: string): Promise<Page> {
  const page = await ctx.page();
  await page.addInitScript(slowWorkers);
  await page.goto(ctx.url(path));
  await page.locator('main[data-listens]').waitFor({ timeout: 40_000 });
  await page.addStyleTag({ content: CHEAP });
  // On a busy machine a model may take longer than the stage is waited for: its coming is no answer to a slider.
  await page.waitForFunction(
    () => document.querySelector('[data-model-line="loading"]') === null,
    undefined,
    { timeout: 60_000 },
  );
  await atRest(page, 15_000, 1000);
  await page.evaluate((ms) => void ((globalThis as { slow?: number }).slow = ms), SLOW);
  return page;
}

/** Does something and gives what was wrong in a frame until the stage stands still again. */
async function watched(page: Page, act: () => Promise<void>): Promise<string[]> {
  // What was asked before may still come; a run of a sampler goes on meanwhile.
  await atRest(page, 1500);
  await page.evaluate(noteFrames);
  await act();
  await atRest(page, 800);
  return mixedFrames(await notedFrames(page));
}

test('a number that comes after its label is noticed, also on a stage that is not drawn', async (ctx) => {
  const page = await ctx.page();
  await page.setContent('<div class="stage"><div class="card"><input /> <b>of 1</b> <i>one</i></div></div>');
  await page.addStyleTag({ content: CHEAP });
  const change = (late: number) =>
    watched(page, () =>
      page.evaluate(async (ms) => {
        const write = (what: string, text: string) => (document.querySelector(what)!.textContent = text);
        document.querySelector('input')!.dispatchEvent(new Event('input', { bubbles: true }));
        write('b', `of ${ms}`);
        if (ms > 0) await new Promise((done) => setTimeout(() => requestAnimationFrame(done), ms));
        if (ms > 0) await new Promise((done) => requestAnimationFrame(done));
        write('i', `it is ${ms}`);
      }, late),
    );
  assert.deepEqual(await change(0), []);
  assert.equal((await change(20)).length, 1);
});

for (const { slug, tabs, lesson } of await lessonsToTest())
  test(
    `${slug} shows nothing of another request, in any view, while it computes`,
    async (ctx) => {
      const page = await openSlow(ctx, `/en/${slug}/`);
      const faults: string[] = [];
      const note = (what: string, mixed: readonly string[]) =>
        void (mixed.length && faults.push(`${what}:\n  ${mixed.slice(0, 2).join('\n  ')}`));
      const views = page.locator('.stage [data-field="view"] input');
      const stage = page.locator('.stage .card');
      for (const [i, tab] of (tabs.length ? tabs : ['']).entries()) {
        if (tabs.length) await views.nth(i).check({ force: true });
        await atRest(page, 1500);
        const sliders = stage.locator('input[type="range"]:visible');
        const count = await sliders.count();
        if (count > 0) {
          // Views share most of their sliders: from view to view another one.
          const slider = sliders.nth(i % count);
          const high = await slider.evaluate((input: HTMLInputElement) => input.value === input.max);
          note(
            `${tab}, slider ${i % count}`,
            await watched(page, () => slider.press(high ? 'ArrowLeft' : 'ArrowRight')),
          );
        }
        const change = stage.locator('[data-change-picture]:visible');
        if ((await change.count()) > 0 && 'pic' in lesson.state.fields)
          note(
            `${tab}, picture`,
            await watched(page, async () => {
              await change.first().click();
              await page
                .locator(`dialog [data-picture]`)
                .nth(i + 2)
                .click();
            }),
          );
      }
      assert.deepEqual(faults, []);
    },
    { timeout: 240_000, motion: true },
  );
