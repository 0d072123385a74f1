import assert from 'node:assert/strict';
import { cellAt, openCells, openEditor, showsText, stands } from './cells.ts';
import { test } from './harness.ts';

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

for (const lang of ['en', 'zh'] as const)
  test(`cells: with a finger on a phone, a cell is written, and nothing is wider than the window (${lang})`, async (ctx) => {
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
      { width: 390, height: 844, touch: true, lang },
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
      [
        ...document.querySelectorAll(
          'main button, main summary, main input:not([type="radio"], [type="file"])',
        ),
      ]
        .filter((e) => e.checkVisibility())
        .map((e) => ({ e, after: getComputedStyle(e, '::after').height }))
        .filter(({ e, after }) => Math.max(e.getBoundingClientRect().height, parseFloat(after) || 0) < 43.5)
        .map(
          ({ e }) => `${e.tagName} ${e.textContent.trim().slice(0, 20)} ${e.getBoundingClientRect().height}`,
        ),
    );
    assert.deepEqual(small, []);
  });
