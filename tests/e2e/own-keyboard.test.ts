import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { test } from './harness.ts';
import { openInspector } from './inspector.ts';

const BARE = 'models/vit-tiny/model.safetensors';

const dialog = (page: Page, phase: string) => page.locator(`[data-own-dialog="${phase}"]`);

/** Presses Tab until the focus is on what matches. */
async function tabTo(page: Page, selector: string, most = 60): Promise<void> {
  for (let i = 0; i < most; i++) {
    if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${selector} is not reached by ${most} presses of Tab`);
}

test(
  'own: by keyboard alone, in Chinese: a file is chosen, what was guessed is corrected, and the model answers',
  async (ctx) => {
    const page = await openInspector(ctx, '?m=vit-tiny&device=wasm', '/zh/inspector/');
    await page.locator('#main').focus();
    await page.keyboard.press('o');
    await dialog(page, 'idle').waitFor();
    await page.waitForFunction(() => document.activeElement?.hasAttribute('data-own-files'));
    // The browser's own dialog is not opened: that the key asks for it is what counts.
    await page.evaluate(() => {
      document.activeElement!.addEventListener(
        'click',
        (event) => {
          event.preventDefault();
          document.body.dataset['asked'] = 'files';
        },
        { once: true },
      );
    });
    await page.keyboard.press('Enter');
    await page.locator('body[data-asked="files"]').waitFor();
    await page.locator('[data-own-files]').setInputFiles(BARE);
    await dialog(page, 'examined').waitFor();
    await tabTo(page, '#own-heads');
    await page.keyboard.type('2');
    await tabTo(page, '#own-blockNorm');
    // Where the norms stand is a guess with its reason, and another choice computes something else.
    const norms = page.locator('[data-own-field="blockNorm"]');
    assert.equal(await norms.getAttribute('data-origin'), 'assumed');
    assert.match((await norms.textContent()) ?? '', /张量名称却相同/);
    await page.keyboard.press('ArrowDown');
    await page.locator('[data-own-field="blockNorm"][data-origin="set"]').waitFor();
    assert.match((await page.locator('[data-own-taken]').textContent()) ?? '', /查询、键、值/);
    await tabTo(page, '[data-own-open]');
    await page.keyboard.press('Enter');
    await dialog(page, 'examined').waitFor({ state: 'detached' });
    const first = page.locator('[data-own-answer] li').first();
    await first.waitFor({ timeout: 60_000 });
    const after = await page.locator('[data-own-answer]').textContent();
    await page.waitForFunction(() =>
      new URLSearchParams(location.search).get('as')?.includes('blockNorm:after'),
    );

    await tabTo(page, '[data-own-fix]', 90);
    await page.keyboard.press('Enter');
    await tabTo(page, '[data-own-field="blockNorm"] button');
    await page.keyboard.press('Enter');
    await page.locator('[data-own-field="blockNorm"][data-origin="assumed"]').waitFor();
    await tabTo(page, '[data-own-open]');
    await page.keyboard.press('Enter');
    await page.waitForFunction(
      (before) => {
        const now = document.querySelector('[data-own-answer]')?.textContent;
        return now !== undefined && now !== before;
      },
      after,
      { timeout: 60_000 },
    );
    assert.deepEqual(ctx.troubles, []);
  },
  { timeout: 90_000 },
);
