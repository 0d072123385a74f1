import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { byKind, NOTEBOOK_LIMIT, PAGE_LIMIT, weigh, weighNotebook, type File } from '../bench/weight.ts';
import { test } from './harness.ts';

const slugs = readdirSync('lessons')
  .filter((name) => /^\d\d-/.test(name))
  .sort();

const scriptsOf = (files: readonly File[]) => files.filter((f) => f.kind === 'scripts' && f.bytes > 0);

test(
  'the first lesson weighs at most 350 KB before runtime and model, and carries nothing of the others',
  async (ctx) => {
    const [first, second] = slugs;
    const page = await ctx.page();
    const files = await weigh(page, ctx.url(`/en/${first}/`));
    const { total, kinds } = byKind(files);
    // What is weighed is there: page, scripts, styles, fonts and the picture.
    for (const kind of ['page', 'scripts', 'styles', 'fonts', 'pictures'])
      assert.ok(
        kinds.some(([name, bytes]) => name === kind && bytes > 1_000),
        `no ${kind}`,
      );
    assert.ok(scriptsOf(files).length > 10);
    assert.ok(
      total <= PAGE_LIMIT,
      `${total} bytes: ${kinds.map(([kind, bytes]) => `${kind} ${bytes}`).join(', ')}`,
    );
    const fonts = files.filter((f) => f.kind === 'fonts').map((f) => f.path.split('/').at(-1)!);
    assert.ok(
      fonts.every((name) => /-core\.[^/]*woff2$/.test(name)),
      `fonts beyond their cores: ${fonts.join(', ')}`,
    );
    // Words and styles of the next lesson come when it is opened.
    const before = new Set(files.map((f) => f.path));
    const next = page.locator(`article footer nav a[href*="${second}"]`);
    const came: string[] = [];
    page.on('response', (response) => came.push(new URL(response.url()).pathname));
    await next.click();
    await page.waitForURL(`**/en/${second}/**`);
    await page.locator('main[data-listens] [data-model-line]').first().waitFor();
    const own = came.filter((path) => /\.(js|css)$/.test(path) && !before.has(path));
    assert.ok(own.some((path) => path.endsWith('.css')) && own.some((path) => path.endsWith('.js')));
  },
  { emptyCache: true },
);

test(
  'the notebook’s page weighs at most 450 KB with its sandbox and an editor; libraries come when a cell names them',
  async (ctx) => {
    const page = await ctx.page();
    const { opened, written } = await weighNotebook(page, ctx.url('/en/notebook/'));
    const { total, kinds } = byKind(written);
    assert.ok(
      byKind(opened).total > 200_000 && total > byKind(opened).total + 50_000,
      'not everything was weighed',
    );
    assert.ok(
      total <= NOTEBOOK_LIMIT,
      `${total} bytes: ${kinds.map(([kind, bytes]) => `${kind} ${bytes}`).join(', ')}`,
    );
    // What it would weigh with Plot is more than that: a cell that names Plot fetches it then.
    const came: Promise<number>[] = [];
    page.on('response', (response) =>
      came.push(
        response.body().then(
          ({ length }) => length,
          () => 0,
        ),
      ),
    );
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.insertText('typeof Plot.plot');
    await page.locator('[data-cell="1"] .shown', { hasText: 'function' }).waitFor();
    assert.ok((await Promise.all(came)).some((bytes) => bytes > 100_000));
  },
  { ownContext: true },
);

test('formulas of the text come with the page, without what sets them', async (ctx) => {
  const page = await ctx.page();
  const scripts: Promise<string>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response.text().catch(() => ''));
  });
  await page.goto(ctx.url('/en/11-masked-autoencoders/'));
  await page.locator('main[data-listens]').waitFor();
  await page.waitForLoadState('networkidle');
  const formulas = page.locator('article .formula');
  const count = await formulas.count();
  assert.ok(count > 1);
  assert.equal(await formulas.locator('.katex').count(), count, 'set, each once');
  assert.equal(await formulas.locator('code').filter({ visible: true }).count(), 0, 'no TeX beside them');
  const texts = await Promise.all(scripts);
  assert.ok(texts.length > 3);
  assert.equal(texts.filter((text) => text.includes('KaTeX parse error')).length, 0, 'KaTeX was fetched');
});
