import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { cellAt, openCells, openEditor, shows, showsText, stands } from './cells.ts';
import { test } from './harness.ts';

/** Presses Tab until the editor of a cell has the keys. */
async function tabTo(page: Page, n: number): Promise<void> {
  const inside = () => page.evaluate((n) => !!document.activeElement?.closest(`[data-cell="${n}"] .code`), n);
  for (let i = 0; i < 10 && !(await inside()); i++) await page.keyboard.press('Tab');
  await cellAt(page, n).locator('.cm-content:focus').waitFor();
}

test('cells: by the keyboard alone, from the page’s run to writing, completing, undoing and leaving', async (ctx) => {
  const page = await openCells(ctx, ['const total = 40', 'total + 2'], false);
  const focused = () => page.evaluate(() => document.activeElement?.textContent.trim() ?? '');
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
  // Search is a panel that Esc closes; Esc, then Tab, leaves.
  await page.keyboard.press('ControlOrMeta+f');
  await cellAt(page, 1).locator('.cm-search input:focus').first().waitFor();
  await page.keyboard.type('total');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await cellAt(page, 1).locator('.cm-content:focus').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'Run');
  // Past this cell's tools and into the next one's code.
  await tabTo(page, 2);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type("tensor('blocks.8.attn.p");
  // The list says the shapes; Enter takes the first.
  const offered = page.locator('.cm-tooltip-autocomplete li').first();
  await offered.waitFor();
  assert.match(await offered.innerText(), /blocks\.8\.attn\.p\w+\s*\[\d+, 197, \d+\]/);
  await page.waitForTimeout(120);
  await page.keyboard.press('Enter');
  assert.match(await cellAt(page, 2).locator('.cm-content').innerText(), /tensor\('blocks\.8\.attn\.p\w+'\)/);
});

test('cells: completion offers tensors with shapes, libraries’ own members, and names of other cells', async (ctx) => {
  const page = await openCells(ctx, [
    '',
    'const wholeAttention = 1; const { mean } = d3; const { plot } = Plot',
  ]);
  await openEditor(page, 1);
  const offered = async (code: string) => {
    await cellAt(page, 1).locator('.cm-content').click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type(code);
    await page.keyboard.press('Control+Space');
    const list = page.locator('.cm-tooltip-autocomplete li');
    await list.first().waitFor();
    const texts = await list.allInnerTexts();
    await page.keyboard.press('Escape');
    return texts;
  };
  const has = (texts: readonly string[], wanted: RegExp) =>
    assert.ok(
      texts.some((text) => wanted.test(text)),
      `${String(wanted)} is not among ${texts.slice(0, 10).join(' | ')}`,
    );
  has(await offered('whole'), /^wholeAttention/);
  has(await offered('Plot.hex'), /^hexbin/);
  has(await offered('d3.interpolateMa'), /^interpolateMagma/);
  has(await offered('Inputs.ra'), /^range/);
  has(await offered('state.'), /^pic/);
  has(await offered("tensor('logi"), /^logits\s*\[\d+\]/);
});

test('cells: with a finger on a phone, a cell is written, and nothing is wider than the window', async (ctx) => {
  const page = await openCells(
    ctx,
    [
      'const side = 3',
      'Array.from({ length: side }, (_, i) => ({ a_long_name: i, another_long_name: i / 3, a_third_long_name: i * 1e9, more: "words ".repeat(9) }))',
      'new Picture(2, 2, new Uint8Array(16).fill(200))',
      'const n = view(Inputs.range([0, 10], { step: 1, value: 3, label: "How many of them" }))',
      'html`<p>${"longword".repeat(40)}</p>`',
    ],
    true,
    { width: 390, height: 844, touch: true },
  );
  for (const n of [1, 2, 3, 5]) await stands(page, n, 'done');
  const wide = () =>
    page.evaluate(() => {
      const most = document.documentElement.clientWidth;
      return [...document.querySelectorAll('main *')]
        .filter(
          (e) => e.getBoundingClientRect().right > most + 1 && !e.closest('.table, .shown, .cm-scroller'),
        )
        .map((e) => `${e.tagName}.${e.className.toString()}`)
        .slice(0, 5);
    });
  assert.deepEqual(await wide(), []);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  await cellAt(page, 1).locator('[data-editor]').tap();
  await cellAt(page, 1).locator('.cm-content:focus').waitFor();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText('const side = 7 * 2');
  await showsText(page, 1, '14');
  assert.deepEqual(await wide(), []);
  // What a finger presses is large enough.
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('main button, main summary, main input:not([type="radio"], [type="file"])')]
      .filter((e) => e.checkVisibility())
      .map((e) => ({ e, after: getComputedStyle(e, '::after').height }))
      .filter(({ e, after }) => Math.max(e.getBoundingClientRect().height, parseFloat(after) || 0) < 43.5)
      .map(
        ({ e }) => `${e.tagName} ${e.textContent.trim().slice(0, 20)} ${e.getBoundingClientRect().height}`,
      ),
  );
  assert.deepEqual(small, []);
});
