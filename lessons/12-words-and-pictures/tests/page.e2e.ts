import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { test, type TestContext } from '#tests/e2e/harness.ts';
import { near, number, queryHas } from '#tests/e2e/lesson.ts';

const FOLDER = 'lessons/12-words-and-pictures';
const golden = parseSafetensors(new Uint8Array(readFileSync(`${FOLDER}/tests/golden.safetensors`)));
const one = (name: string) => golden.float32(name)[0]!;
const concepts = (JSON.parse(readFileSync('static/emoji/emoji.json', 'utf8')) as { concepts: string[][] })
  .concepts;
/** English name of a sign by its place. */
const nameOf = (place: number) => concepts[place]![1]!;

async function open(ctx: TestContext, query: string, lang = 'en', options = {}): Promise<Page> {
  const page = await ctx.page(options);
  await page.goto(ctx.url(`/${lang}/12-words-and-pictures/?v=1&device=wasm&${query}`));
  await page.locator('main[data-listens]').waitFor();
  await page.locator('[data-model-line="ready"]').waitFor({ timeout: 90_000 });
  return page;
}
/** Types a text and waits until the list is of it. */
async function ask(page: Page, text: string): Promise<void> {
  await page.locator('[data-field="word"] input').fill(text);
  await page.waitForFunction(
    (wanted) => document.querySelector('h4[data-of]')?.getAttribute('data-of') === wanted,
    text.trim(),
    { timeout: 20_000 },
  );
}
const first = (page: Page) => page.locator('[data-panel="find"] ol li').first();

test(
  'a text in either language finds PyTorch’s signs, with its cosines and their range',
  async (ctx) => {
    const page = await open(ctx, 'view=find');
    await page.locator('h4[data-of="goat"]').waitFor({ timeout: 30_000 });
    for (const [key, text] of [
      ['goat', 'goat'],
      ['zh', '山羊'],
      ['sign', '🐐'],
      ['letters', 'xqvz'],
    ] as const) {
      await ask(page, text);
      near(number(await first(page).locator('.cosine').textContent()), one(`find.${key}`), text, 0.02, 0.012);
      const shown = await page.locator('[data-panel="find"] ol .name').allTextContents();
      // Signs of nearly the same cosine may change places.
      const expected = [...golden.float32(`find.${key}.first`)].map(nameOf);
      assert.ok(
        expected.slice(0, 3).every((name) => shown.slice(0, 8).includes(name)),
        `${text}: ${shown.join(', ')} instead of ${expected.join(', ')}`,
      );
    }
    await queryHas(page, 'word=xqvz');
    const range = await page.locator('[data-panel="find"] .range').textContent();
    assert.match(range ?? '', new RegExp(`all ${concepts.length}`));
    await page.getByRole('radio', { name: 'photos', exact: true }).check({ force: true });
    await page.locator('[data-panel="find"] ol img').first().waitFor();
    assert.match((await page.locator('[data-panel="find"] .range').textContent()) ?? '', /all 36/);
  },
  { timeout: 150_000 },
);

test(
  'empty, long, mixed and unknown texts each have a sentence, and an answer',
  async (ctx) => {
    const page = await open(ctx, 'view=find');
    await page.locator('h4[data-of="goat"]').waitFor({ timeout: 30_000 });
    for (const [text, remark] of [
      ['', 'empty'],
      ['   ', 'empty'],
      ['羊'.repeat(150), 'cut'],
      ['山羊 and goat', 'mixed'],
      ['🐐🐐', 'bytes'],
      ['<script>alert(1)</script>{}"\\', ''],
      ['ﷺ ﷽ ‮abc', ''],
    ] as const) {
      await ask(page, text);
      if (remark) await page.locator(`[data-remark="${remark}"]`).waitFor();
      assert.ok((await page.locator('[data-panel="find"] ol li').count()) >= 8, text);
    }
    // More than the field takes is cut where it is typed; a link with more opens with the default and says so.
    await page.locator('[data-field="word"] input').fill('a'.repeat(5000));
    assert.equal((await page.locator('[data-field="word"] input').inputValue()).length <= 5000, true);
    await page.goto(ctx.url(`/en/12-words-and-pictures/?v=1&word=${'a'.repeat(400)}`));
    await page.locator('main[data-listens]').waitFor();
    assert.equal(await page.locator('[data-field="word"] input').inputValue(), 'goat');
  },
  { timeout: 150_000 },
);

test(
  'both towers are gone up; where they meet, cosine, scale and logit are PyTorch’s',
  async (ctx) => {
    const page = await open(ctx, 'view=towers&step=embedding');
    const lengths = page.locator('[data-panel="towers"] .vector b');
    await lengths.nth(1).waitFor({ timeout: 30_000 });
    for (const i of [0, 1]) near(number(await lengths.nth(i).textContent()), 1, 'length', 0, 0.006);
    await page.getByRole('button', { name: 'Meeting', exact: true }).click();
    const said = page.locator('[data-panel="towers"] dd');
    await said.nth(3).waitFor();
    near(number(await said.nth(0).textContent()), one('meeting.cosine'), 'cosine', 0.03, 0.006);
    near(number(await said.nth(1).textContent()), one('scale'), 'scale', 0.001, 0.01);
    near(number(await said.nth(3).textContent()), one('meeting.logit'), 'logit', 0.03, 0.08);
    const [product, tensor] = [
      number(await said.nth(2).textContent()),
      number(await said.nth(3).textContent()),
    ];
    near(product, tensor, 'product', 0, 0.002);
  },
  { timeout: 120_000 },
);

test(
  'the map has PyTorch’s plane, is gone over by keys, and zoomed',
  async (ctx) => {
    const page = await open(ctx, 'view=find');
    await page.locator('h4[data-of="goat"]').waitFor({ timeout: 30_000 });
    await page.getByRole('radio', { name: 'Map', exact: true }).check({ force: true });
    const map = page.locator('[data-panel="map"] [role="application"]');
    await map.waitFor({ timeout: 30_000 });
    await page.locator('[data-panel="map"] .note').waitFor();
    near(
      number(
        /differ most: ([\d.]+)/.exec(
          (await page.locator('[data-panel="map"] .note').textContent()) ?? '',
        )?.[1],
      ),
      100 * one('map.share'),
      'share of the variance',
      0.02,
      0.5,
    );
    await map.focus();
    await map.press('ArrowRight');
    const said = page.locator('[data-panel="map"] .said b');
    await said.waitFor();
    const before = await said.textContent();
    for (let i = 0; i < 4; i++) await map.press('ArrowLeft');
    assert.notEqual(await said.textContent(), before);
    for (let i = 0; i < 8; i++) await map.press('+');
    for (let i = 0; i < 3; i++) await map.press('Shift+ArrowUp');
    await map.press('0');
  },
  { timeout: 120_000 },
);
