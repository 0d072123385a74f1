import assert from 'node:assert/strict';
import { test } from './harness.ts';

test('cells: a notebook of the gallery is opened as a copy, runs, and is kept once it is changed', async (ctx) => {
  const page = await ctx.page();
  await page.goto(ctx.url('/en/notebook/?device=wasm'));
  await page.locator('[data-cell="1"]').waitFor();
  await page.locator('[data-gallery] summary').click();
  assert.equal(await page.locator('[data-gallery] [data-open]').count(), 10);
  await page.locator('[data-open="schedules"]').click();
  // Half of the power is noise at step 260 of the linear schedule: a number of the notebook's own, computed in the sandbox.
  await page.locator('[data-name="halfWay"]', { hasText: '260' }).waitFor({ timeout: 60_000 });
  assert.equal(await page.locator('[data-fault]').count(), 0, 'a cell has a fault');
  const own = page.locator('[data-cell="2"] .cm-content');
  await own.click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText('const own = (t) => t < 100 ? 1 : 0.4');
  await page.locator('[data-name="halfWay"]', { hasText: '100' }).waitFor({ timeout: 30_000 });
  await page.locator('[data-saving="kept"]').waitFor();
});
