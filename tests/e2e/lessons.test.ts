import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { Lesson } from '#lib/notebook/types.ts';
import { test, walk, type TestContext } from './harness.ts';
import { queryHas } from './lesson.ts';
import { eachView, holdsNoClaims, holdsOrigins } from './numerals.ts';
import { lessonsToTest } from './pages.ts';
import { holdsItsSettings, holdsWhatEachHas, settingsOf } from './prose.ts';
import { cutPlaceholders } from './selects.ts';
import { openVisit } from './visit.ts';
import { holdsItsWeight } from './lesson-weight.ts';
import { leadsToTheInspector, wayOf } from './which-tensor.ts';

/** What every lesson page has, whoever wrote the lesson. */
const lessons = await lessonsToTest();
const slugs = lessons.map(({ slug }) => slug);
const declared = (slug: string): Lesson => lessons.find((l) => l.slug === slug)!.lesson;

/** Opens a lesson and waits until its page listens. */
async function open(ctx: TestContext, path: string, options = {}): Promise<Page> {
  const page = await ctx.page(options);
  await page.goto(ctx.url(path));
  await page.locator('main[data-listens]').waitFor({ timeout: 40_000 });
  return page;
}

const EACH = 'has its contents, progress, words, sources and neighbours';
const SETTINGS = 'every setting of the prose is taken over, and its controls stand on the stage';
const WEIGHS = 'weight: it weighs what it may before runtime and models, its fonts are cores';

const FIELDS = 'no field of an exercise cuts what stands in it';

/** The fields of exercises as they stand on the page. */
async function fieldsHoldTheirWords(page: Page): Promise<void> {
  assert.deepEqual(await cutPlaceholders(page), []);
}

/** What is held of every lesson, in Chinese by its weight, else in English: one page, which is loaded twice. */
for (const lesson of lessons) {
  const { slug, tensors } = lesson;
  const views = `each of ${Math.max(1, lesson.tabs.length)} views`;
  const claims = `numerals: without the model, no number in ${views} claims to come from a tensor`;
  const traced = `numerals: every number in ${views} says where it comes from`;
  const settings = settingsOf(slug).length > 0 ? [SETTINGS] : [];
  const ways = tensors.map((tensor) => [`which-tensor: ${wayOf(tensor)}`, tensor] as const);
  walk(
    slug,
    [claims, WEIGHS, FIELDS, EACH, ...settings, traced, ...ways.map(([name]) => name)],
    async (ctx) => {
      const visit = await openVisit(ctx, lesson);
      const { page } = visit;
      // Without the model first: one that has come is kept by the browser.
      await ctx.part(claims, () => visit.without(() => eachView(page, lesson, holdsNoClaims)));
      await ctx.part(WEIGHS, () => visit.fresh((url) => holdsItsWeight(page, url)));
      await ctx.part(FIELDS, () => visit.chinese(() => fieldsHoldTheirWords(page)));
      await ctx.part(EACH, () => visit.english(() => holdsWhatEachHas(page, slug, lessons)));
      await ctx.part(SETTINGS, () => visit.english(() => holdsItsSettings(page, lesson)));
      await ctx.part(traced, () => visit.english(() => eachView(page, lesson, holdsOrigins)));
      for (const [name, tensor] of ways)
        await ctx.part(name, () => visit.english(() => leadsToTheInspector(page, tensor)));
    },
    { faults: true, timeout: 600_000 },
  );
}

test(
  'a copied link opens the same view; the drawer leads to the same tensor in the inspector',
  async (ctx) => {
    const page = await open(ctx, '/en/04-block/');
    await ctx.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('radio', { name: 'Order', exact: true }).check();
    await page.getByRole('radio', { name: 'Block', exact: true }).check();
    await page.getByRole('slider', { name: 'Block' }).fill('9');
    await queryHas(page, 'b=9');
    await page.locator('[data-copy]').click();
    await page.locator('[data-copy]', { hasText: 'Link copied' }).waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(link, /\?v=1&b=9$/);
    const other = await ctx.page();
    await other.goto(link);
    await other.locator('[data-block-diagram] [data-tensor="blocks.9.norm1"]').waitFor();
    await other.locator('.strip [data-tensor="blocks.9.attn.probs"]').click();
    await other.locator('[data-inspect="blocks.9.attn.probs"]').click();
    await other.waitForURL('**/en/inspector/**');
    const query = new URL(other.url()).searchParams;
    assert.equal(query.get('m'), 'vit-flexi');
    assert.equal(query.get('t'), 'blocks.9.attn.probs');
    await other.getByText('blocks.9.attn.probs').first().waitFor({ timeout: 30_000 });
  },
  { ownContext: true },
);

test('the keys are listed from the stage, and work', async (ctx) => {
  const page = await open(ctx, '/en/05-answer/');
  await page.locator('[data-keys]').click();
  const dialog = page.getByRole('dialog', { name: 'Keys' });
  await dialog.waitFor();
  const keys = await dialog.locator('kbd').allTextContents();
  for (const key of ['?', 'n', 'p', 'b', 'c', 'l', 't']) assert.ok(keys.includes(key), `${key} of ${keys}`);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.keyboard.press('n');
  await page.locator('[data-step="score"].on').waitFor();
  await page.keyboard.press('p');
  await page.locator('[data-step="read"].on').waitFor();
  await page.getByRole('radio', { name: 'Data', exact: true }).check();
  await page.locator('[data-back]:not([disabled])').waitFor();
  await page.keyboard.press('b');
  assert.ok(await page.getByRole('radio', { name: 'Path', exact: true }).isChecked());
});

test('steps read are counted on the map, in this browser only', async (ctx) => {
  const lesson = declared('04-block');
  const page = await open(ctx, '/en/04-block/');
  await page.locator('[data-step="map"].on').waitFor();
  await page.keyboard.press('n');
  await page.locator('[data-step="halves"].on').waitFor();
  await page.waitForFunction(() => Object.values(localStorage).includes('map halves'));
  await page.goto(ctx.url('/en/'));
  await page.getByText(`2 of ${lesson.steps.length} steps read`).waitFor();
  const methods = ctx.requests.filter((url) => url.includes('reached'));
  assert.deepEqual(methods, []);
});

test('on paper there is all of the prose, and nothing to click', async (ctx) => {
  const page = await open(ctx, '/en/04-block/');
  const colours = () =>
    page.locator('.step > p').evaluateAll((list) => [...new Set(list.map((p) => getComputedStyle(p).color))]);
  // On the screen the steps that are not being read are paler.
  assert.ok((await colours()).length > 1);
  await page.emulateMedia({ media: 'print' });
  for (const selector of ['header', '.bar', '[data-inspect]', 'article footer nav'])
    for (const e of await page.locator(selector).all()) assert.ok(!(await e.isVisible()), selector);
  assert.equal(await page.locator('.stage').evaluate((e) => getComputedStyle(e).position), 'static');
  assert.equal((await colours()).length, 1);
});

/** Links as they were written down when a lesson was new; src/lib/notebook/links.test.ts reads them without a browser. */
const recorded = slugs
  .map((slug) => [slug, `lessons/${slug}/tests/links.json`] as const)
  .filter(([, file]) => existsSync(file))
  .map(
    ([slug, file]) =>
      [slug, JSON.parse(readFileSync(file, 'utf8')) as { link: string; step?: string }[]] as const,
  );
test(
  'old links still open, without a word of complaint',
  async (ctx) => {
    for (const [slug, links] of recorded) {
      const { link, step } = links[0]!;
      const page = await open(ctx, `/zh/${slug}/${link}&device=wasm`);
      if (step) await page.locator(`[data-step="${step}"].on`).waitFor();
      assert.equal(await page.locator('[data-link-note]').count(), 0, slug);
      await page.close();
    }
  },
  { timeout: 120_000 },
);
