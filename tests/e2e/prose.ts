import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import type { LessonToTest } from './pages.ts';

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
export async function holdsWhatEachHas(
  page: Page,
  slug: string,
  lessons: readonly LessonToTest[],
): Promise<void> {
  const slugs = lessons.map((l) => l.slug);
  const i = slugs.indexOf(slug);
  const { lesson } = lessons[i]!;
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
export const settingsOf = (slug: string): Readonly<Record<string, unknown>>[] =>
  [...readFileSync(`lessons/${slug}/en.md`, 'utf8').matchAll(/<Setting\s+set=\{(\{[\s\S]*?\})\}\s*>/g)].map(
    ([, literal]) => new Function(`return (${literal})`)() as Record<string, unknown>,
  );
/** Presses every setting of the prose: the address takes it over, and its controls stand on the stage. */
export async function holdsItsSettings(page: Page, { slug, lesson }: LessonToTest): Promise<void> {
  const { state } = lesson;
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
