import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { cellAt, openCells, shows, showsText } from './cells.ts';
import { test } from './harness.ts';

/** Presses Tab until the editor of a cell has the keys. */
async function tabTo(page: Page, n: number): Promise<void> {
  const inside = () => page.evaluate((n) => !!document.activeElement?.closest(`[data-cell="${n}"] .code`), n);
  for (let i = 0; i < 10 && !(await inside()); i++) await page.keyboard.press('Tab');
  await cellAt(page, n).locator('.cm-content:focus').waitFor();
}
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent.trim() ?? '');

for (const [lang, run] of [
  ['en', 'Run'],
  ['zh', '运行'],
] as const)
  test(`cells: by the keyboard alone, from the page’s run to writing, completing, undoing and leaving (${lang})`, async (ctx) => {
    const page = await openCells(ctx, ['const total = 40', 'total + 2'], false, { lang });
    await page.locator('[data-do="trust"]').focus();
    await page.keyboard.press('Enter');
    assert.equal(await shows(page, 2), '42');
    // Tab comes to the code of the first cell, which is text until then, and its editor takes the keys.
    await tabTo(page, 1);
    assert.equal(await page.locator('.cm-editor').count(), 1, 'editors that nobody asked for');
    await page.keyboard.press('ControlOrMeta+End');
    await page.keyboard.type('0');
    await showsText(page, 2, '402');
    await page.keyboard.press('ControlOrMeta+z');
    await showsText(page, 2, '42');
    // Search is a panel that Esc closes. What it found is selected; Esc drops that, and then Tab leaves all the same.
    await page.keyboard.press('ControlOrMeta+f');
    await cellAt(page, 1).locator('.cm-search input:focus').first().waitFor();
    await page.keyboard.type('total');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await cellAt(page, 1).locator('.cm-content:focus').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), run);
    assert.equal(await cellAt(page, 1).locator('.cm-content').innerText(), 'const total = 40');
    // Past this cell's tools and into the next one's code.
    await tabTo(page, 2);
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type("tensor('blocks.8.attn.p");
    // The list says the shapes; Enter takes the first.
    const offered = page.locator('.cm-tooltip-autocomplete li').first();
    await offered.waitFor();
    assert.match(await offered.innerText(), /blocks\.8\.attn\.p\w+\s*\[\d+, 197, \d+\]/);
    // The list takes no key within its first 75 ms, so that nobody chooses what he has not seen.
    await page.waitForTimeout(120);
    await page.keyboard.press('Enter');
    assert.match(
      await cellAt(page, 2).locator('.cm-content').innerText(),
      /tensor\('blocks\.8\.attn\.p\w+'\)/,
    );
    // An open list is closed by the same Esc that lets Tab leave; without Esc Tab indents.
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('tota');
    await offered.waitFor();
    await page.keyboard.press('Escape');
    await offered.waitFor({ state: 'detached' });
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), run);
    await page.keyboard.press('Shift+Tab');
    await cellAt(page, 2).locator('.cm-content:focus').waitFor();
    // Any other key ends what Esc allowed.
    await page.keyboard.press('End');
    await page.keyboard.press('Tab');
    assert.match(await cellAt(page, 2).locator('.cm-content').innerText(), /^ {2}tota$/);
  });
