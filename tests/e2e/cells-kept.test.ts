import assert from 'node:assert/strict';
import { linkOf } from '#lib/cells/share/link.ts';
import { fromFile, htmlNotebook, markdownNotebook } from '#lib/cells/share/files.ts';
import { openCells, shows, showsText, write } from './cells.ts';
import { test } from './harness.ts';
import { downloaded } from './inspector.ts';

test(
  'cells: notebooks are kept, renamed, doubled, deleted and put back; two windows on one lose nothing',
  async (ctx) => {
    const page = await ctx.page();
    await page.goto(ctx.url('/en/notebook/?device=wasm'));
    await page.locator('[data-shelf] summary').click();
    await page.locator('[data-do="new"]').click();
    await write(page, 1, '1 + 1');
    await page.locator('[data-title]').fill('Mine');
    await page.locator('[data-saving="kept"]').waitFor();
    assert.equal(await shows(page, 1), '2');
    const titles = () => page.locator('[data-shelf] li span').allInnerTexts();
    assert.deepEqual(await titles(), ['Mine']);
    await page.locator('[data-do="duplicate"]').click();
    await page.locator('[data-shelf] li', { hasText: 'Mine (copy)' }).waitFor();
    await page.getByRole('button', { name: 'Delete Mine (copy)' }).click();
    await page.locator('[data-do="undo"]').click();
    await page.locator('[data-shelf] li', { hasText: 'Mine (copy)' }).waitFor();
    await page
      .locator('[data-shelf] li', { has: page.locator('span', { hasText: /^Mine$/ }) })
      .getByRole('button')
      .first()
      .click();
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('[data-title]')?.value === 'Mine',
    );
    // A second window opens what was open last.
    const other = await ctx.page();
    await other.goto(ctx.url('/en/notebook/?device=wasm'));
    await showsText(other, 1, '2');
    await write(other, 1, '"other"');
    await other.locator('[data-saving="kept"]').waitFor();
    await write(page, 1, '"this"');
    await page.locator('[data-note]', { hasText: 'changed in another window' }).waitFor();
    const kept = (await titles()).sort();
    assert.deepEqual(kept, ['Mine', 'Mine (copy)', 'Mine (copy)']);
  },
  { timeout: 90_000 },
);

test('cells: links and files come and go; cut, newer and full are said', async (ctx) => {
  const notebook = { title: 'A & B', cells: ['1 + 2', 'html`<b>bold</b>`', '// the last'] };
  const page = await openCells(ctx, notebook.cells);
  assert.equal(await shows(page, 1), '3');
  await page.locator('[data-title]').fill(notebook.title);
  await page.locator('[data-leave] summary').click();
  await page.locator('[data-link-size]', { hasText: 'of at most 16,000 characters' }).waitFor();
  const take = async (what: string) =>
    new TextDecoder().decode(
      (await downloaded(page, () => page.locator(`[data-do="${what}"]`).click())).bytes,
    );
  const html = await take('kit');
  assert.equal(html, htmlNotebook(notebook));
  assert.equal(await take('markdown'), markdownNotebook(notebook));
  const whole = await take('page');
  assert.match(whole, /<b>bold<\/b>/);
  assert.ok(!/<script/.test(whole));
  // The same file, cut in half, opens as far as it is whole, and waits.
  const half = html.slice(0, html.indexOf('bold'));
  assert.equal(fromFile(half)?.cut, true);
  await page
    .locator('[data-file]')
    .setInputFiles({ name: 'half.html', mimeType: 'text/html', buffer: Buffer.from(half) });
  await page.locator('[data-foreign="file"]').waitFor();
  assert.match(
    await page.locator('[data-note]').innerText(),
    /“half\.html” ends in the middle\. The 1 cells/,
  );
  assert.equal(await page.locator('[data-cell]').count(), 1);
  await page
    .locator('[data-file]')
    .setInputFiles({ name: 'a.html', mimeType: 'text/html', buffer: Buffer.from('<p>hi') });
  await page.locator('[data-note]', { hasText: 'No notebook was found in “a.html”' }).waitFor();
  // A full store: what was changed stays on the page, and it is said.
  await page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await write(page, 1, '"still here"');
  await page.locator('[data-note]', { hasText: 'store for this site is full' }).waitFor();
  assert.match(await page.locator('[data-cell="1"] .cm-content').innerText(), /still here/);
  // Links of tomorrow, and half of one.
  const link = await linkOf(notebook);
  await page.goto('about:blank');
  await page.goto(`${ctx.url('/en/notebook/')}#${link.replace('n=1.', 'n=2.')}`);
  await page.locator('[data-note]', { hasText: 'newer version of this site' }).waitFor();
  await page.goto('about:blank');
  await page.goto(`${ctx.url('/en/notebook/')}#${link.slice(0, link.length / 2)}`);
  await page.locator('[data-note]', { hasText: 'holds no whole notebook' }).waitFor();
});
