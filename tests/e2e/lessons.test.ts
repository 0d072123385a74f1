import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import type { Lesson } from '#lib/notebook/types.ts';
import { test, walk, type TestContext } from './harness.ts';
import { queryHas } from './lesson.ts';
import { lessonsToTest } from './pages.ts';

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

/** Opens a word's note with the keyboard. Scrolling closes a note, so a page that still moves is asked again. */
async function openNote(page: Page, word: Locator): Promise<Locator> {
  const note = page.locator('.pop:popover-open');
  await word.scrollIntoViewIfNeeded();
  for (let i = 0; i < 6 && (await note.count()) === 0; i++) {
    await word.press('Enter');
    await page.waitForTimeout(400);
  }
  await note.waitFor();
  return note;
}

/** Contents, progress, words, sources and neighbours of a lesson. */
async function holdsWhatEachHas(page: Page, slug: string): Promise<void> {
  const lesson = declared(slug);
  const i = slugs.indexOf(slug);
  const titled = lesson.steps.filter((step) => step.title);
  const contents = page.locator('.about details');
  await contents.locator('summary').click();
  assert.deepEqual(
    await contents.locator('a').allTextContents(),
    titled.map((step) => step.title!.en),
  );
  const target = titled[2] ?? titled.at(-1)!;
  const number = lesson.steps.indexOf(target) + 1;
  await contents.getByRole('link', { name: target.title!.en, exact: true }).click();
  await page.locator(`[data-step="${target.id}"].on`).waitFor();
  await page.locator('.bar .count', { hasText: `${number} / ${lesson.steps.length}` }).waitFor();

  const word = page.locator('article .step button[popovertarget]:not(.plain)').first();
  const note = await openNote(page, word);
  await note.locator('[lang="zh-CN"]').waitFor();
  assert.ok((await note.locator('.meaning').textContent())!.length > 20);
  await page.keyboard.press('Escape');
  await note.waitFor({ state: 'detached' });
  await openNote(page, page.locator('article .step button.plain[popovertarget]').first());
  await note.getByRole('link').waitFor();

  const end = page.locator('article footer');
  assert.equal(await end.locator('dl > div').count(), lesson.terms.length);
  const sources = await end
    .locator('ol li')
    .evaluateAll((list) => list.map((item) => item.querySelector('a')?.href ?? item.textContent));
  assert.equal(sources.length, lesson.references.length);
  for (const source of sources) assert.match(source, /^https:\/\/(arxiv\.org\/abs\/\d|doi\.org\/10\.)/);
  const beside = await end
    .locator('nav a')
    .evaluateAll((list) => list.map((a) => new URL((a as HTMLAnchorElement).href).pathname));
  assert.deepEqual(
    beside.map((path) => path.split('/').at(-2)),
    [slugs[i - 1], slugs[i + 1]].filter(Boolean),
  );
}

/** The settings that a lesson's prose offers, in its order, as src/lib/notebook/outcomes.test.ts reads them. */
const settingsOf = (slug: string): Readonly<Record<string, unknown>>[] =>
  [...readFileSync(`lessons/${slug}/en.md`, 'utf8').matchAll(/<Setting\s+set=\{(\{[\s\S]*?\})\}\s*>/g)].map(
    ([, literal]) => new Function(`return (${literal})`)() as Record<string, unknown>,
  );
/** Presses every setting of the prose: the address takes it over, and its controls stand on the stage. */
async function holdsItsSettings(page: Page, slug: string): Promise<void> {
  const { state } = declared(slug);
  const buttons = page.locator('[data-setting]');
  const settings = settingsOf(slug);
  assert.equal(await buttons.count(), settings.length);
  for (const [i, set] of settings.entries()) {
    const button = buttons.nth(i);
    const step = await button.evaluate((e) => {
      e.scrollIntoView({ block: 'center', behavior: 'instant' });
      return e.closest<HTMLElement>('[data-step]')!.dataset['step']!;
    });
    await page.locator(`[data-step="${step}"].on`).waitFor();
    await button.evaluate((e: HTMLElement) => e.click());
    const what = `${step}: ${JSON.stringify(set)}`;
    assert.equal(await button.getAttribute('aria-pressed'), 'true', what);
    for (const [name, value] of Object.entries(set)) {
      const wanted = state.fields[name]!.print(value);
      const standard = wanted === state.fields[name]!.print(state.fields[name]!.default);
      await page
        .waitForFunction(
          ([field, text, left]) => {
            const given = new URLSearchParams(location.search).get(field);
            return given === null ? left : given === text;
          },
          [name, wanted, standard] as const,
          { timeout: 10_000 },
        )
        .catch(() => assert.fail(`${what}: the address is ${page.url()}`));
      await page
        .locator(`[data-field~="${name}"]`)
        .filter({ visible: true })
        .first()
        .waitFor({ timeout: 30_000 })
        .catch(() => assert.fail(`${what}: no control of ${name} stands on the stage`));
    }
  }
}

const EACH = 'has its contents, progress, words, sources and neighbours';
const SETTINGS = 'every setting of the prose is taken over, and its controls stand on the stage';
for (const slug of slugs)
  walk(
    slug,
    settingsOf(slug).length > 0 ? [EACH, SETTINGS] : [EACH],
    async (ctx) => {
      const page = await open(ctx, `/en/${slug}/?device=wasm`);
      await ctx.part(EACH, () => holdsWhatEachHas(page, slug));
      await page.keyboard.press('Escape');
      await ctx.part(SETTINGS, () => holdsItsSettings(page, slug));
    },
    { timeout: 300_000 },
  );

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
