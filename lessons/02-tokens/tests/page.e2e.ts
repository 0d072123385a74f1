import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { test } from '#tests/e2e/harness.ts';
import { answered, chipIs, openLesson, queryHas, slide } from '#tests/e2e/lesson.ts';

const LESSON = '/en/02-tokens/';
/** What PyTorch computes from the same weights and picture (lessons/02-tokens/tests/reference.py). */
const golden = parseSafetensors(new Uint8Array(readFileSync('lessons/02-tokens/tests/golden.safetensors')));
const { labels } = JSON.parse(readFileSync('models/vit-flexi/config.json', 'utf8')) as {
  labels: { en: string }[];
};
const scalar = (key: string) => golden.float32(key)[0]!;

/** The number an element shows. */
async function shown(page: Page, selector: string): Promise<number> {
  const place = page.locator(selector).first();
  await page.waitForFunction((s) => /\d/.test(document.querySelector(s)?.textContent ?? ''), selector, {
    timeout: 90_000,
  });
  return Number(
    (await place.textContent())!.trim().replaceAll('−', '-').replace(/\s*%$/, '').replaceAll(',', ''),
  );
}
const near = (got: number, wanted: number, within: number, what: string) =>
  assert.ok(Math.abs(got - wanted) <= within, `${what}: ${got} on screen, ${wanted} in PyTorch`);
const choose = (page: Page, name: string) =>
  page.getByRole('radio', { name, exact: true }).check({ force: true });
/** What stands beside the picture. */
const view = (page: Page, name: string) =>
  page
    .getByRole('group', { name: 'Beside the picture' })
    .getByLabel(name, { exact: true })
    .check({ force: true });
/** The likeliest class of a reference, with its percent. */
function top(key: string): { name: string; percent: number } {
  const probs = golden.float32(key);
  const best = probs.reduce((a, v, i) => (v > probs[a]! ? i : a), 0);
  return { name: labels[best]!.en, percent: 100 * probs[best]! };
}

test(
  'runs, filters, class token, positions and ladder: every number is PyTorch’s, every control moves',
  async (ctx) => {
    const page = await openLesson(ctx, `${LESSON}?device=wasm`);
    await page.locator('[data-order="done"]').waitFor({ timeout: 90_000 });
    for (const run of ['on-order', 'on-mixed', 'off-order', 'off-mixed']) {
      const wanted = top(`probs-${run}`);
      assert.equal((await page.locator(`[data-run="${run}"] span`).textContent())!.trim(), wanted.name, run);
      near(await shown(page, `[data-run="${run}"] b`), wanted.percent, 0.6, run);
    }
    // Without positions the tokens of the shuffled picture are the shuffled tokens, but for rounding.
    const equal = await shown(page, '[data-delta="off"]');
    assert.ok(equal > 0 && equal < 1e-3, `without positions: ${equal}`);
    near(
      await shown(page, '[data-delta="on"]'),
      scalar('delta-on'),
      0.05 * scalar('delta-on'),
      'with positions',
    );
    near(await shown(page, '[data-distance="on"]'), scalar('distance-on-order'), 0.05, 'distance');
    near(await shown(page, '[data-distance="off"]'), scalar('distance-off-order'), 0.05, 'distance without');
    // The same numbers where the prose names them.
    const on = golden.float32('probs-on-order');
    const likeliest = on.reduce((m, v, i) => (v > on[m]! ? i : m), 0);
    for (const [name, wanted, within] of [
      ['chance', 100 * on[likeliest]!, 0.6],
      ['chance-off', 100 * golden.float32('probs-off-order')[likeliest]!, 0.6],
      ['distance', scalar('distance-on-order'), 0.1],
      ['distance-off', scalar('distance-off-order'), 0.1],
      ['unequal', scalar('delta-on'), 0.06 * scalar('delta-on')],
    ] as const)
      near(await shown(page, `[data-num="${name}"]`), wanted, within, `${name} in the prose`);
    assert.equal(await page.locator('[data-num="uniform"]').first().textContent(), '1/196');

    await choose(page, 'without');
    await choose(page, 'in order');
    await queryHas(page, 'pos=0');
    await queryHas(page, 'mix=0');
    await answered(page);
    assert.match((await page.locator('[data-model-line]').textContent())!, /Without positions it sees/);
    await page.getByRole('button', { name: 'Shuffle again' }).click();
    await queryHas(page, 'seed=2');
    await page.locator('[data-order="done"]').waitFor({ timeout: 60_000 });
    assert.ok((await shown(page, '[data-delta="off"]')) < 1e-3);
    const before = await shown(page, '[data-distance="on"]');
    await slide(page, 'Block', 5);
    await choose(page, '0');
    await queryHas(page, 'block=5');
    await queryHas(page, 'head=0');
    await page.waitForFunction(
      (old) => {
        const text = document.querySelector('[data-distance="on"]')?.textContent ?? '';
        return /\d/.test(text) && Number(text) !== old;
      },
      before,
      { timeout: 60_000 },
    );

    // Filters: order, variances, components, and the embedding computed twice.
    await view(page, 'Filters');
    await page.locator('[data-filters="192"]').waitFor({ timeout: 90_000 });
    const stat = (name: string) => page.locator('.stats div', { hasText: name }).locator('b');
    const number = async (name: string) => Number((await stat(name).textContent())!.replace(/[^\d.e-]/g, ''));
    for (const k of [0, 191]) {
      await slide(page, 'Filter', k);
      near(
        await number('variance of its answers'),
        golden.float32('answer-variance')[k]!,
        2e-4,
        `answers ${k}`,
      );
      const weight = golden.float32('weight-variance')[k]!;
      near(await number('variance of its weights'), weight, 0.01 * weight, `weights ${k}`);
    }
    await choose(page, 'not sorted');
    await queryHas(page, 'sort=index');
    await choose(page, 'Components');
    await page.locator('[data-filters="32"]').waitFor({ timeout: 30_000 });
    near(await number('share of the variance'), 100 * golden.float32('share-weights')[0]!, 0.05, 'share');
    await choose(page, 'what they answer to');
    await page.waitForFunction(
      () => Number.parseFloat(document.querySelector('.stats b')?.textContent ?? '0') > 50,
      undefined,
      { timeout: 30_000 },
    );
    near(
      await number('share of the variance'),
      100 * golden.float32('share-answers')[0]!,
      0.5,
      'share of answers',
    );
    const eight = golden.float32('share-answers').subarray(0, 8);
    near(await number('the first 8 together'), 100 * eight.reduce((a, b) => a + b, 0), 0.5, 'first 8');
    near(await shown(page, '[data-num="share"]'), 100 * eight[0]!, 0.5, 'share in the prose');

    await choose(page, 'Computed twice');
    await slide(page, 'Filter', 0);
    await page.locator('[data-twice="done"]').waitFor({ timeout: 60_000 });
    assert.ok((await shown(page, '[data-delta="between"]')) < 1e-4);
    assert.ok((await shown(page, '[data-delta="model"]')) < 1e-4);
    // The pixel (124, 180) of the default state lies in patch 7 · 14 + 11.
    for (const cell of ['product', 'maps', 'model'])
      near(await shown(page, `[data-cell="${cell}"]`), golden.float32('embed-0')[109]!, 5e-3, cell);

    // The class token and the mean; positions learned, written and resized.
    await view(page, 'CLS');
    assert.equal(await shown(page, '[data-check="tokens"]'), 0);
    for (const [name, read] of [
      ['Answer from CLS', 'cls'],
      ['from the mean', 'mean'],
    ] as const) {
      await choose(page, name);
      await page
        .locator(`[data-read="${read}"] ol li`)
        .filter({ hasText: '%' })
        .nth(4)
        .waitFor({ timeout: 60_000 });
      const wanted = top(`probs-${read}`);
      const first = page.locator(`[data-read="${read}"] ol li`).first();
      assert.ok((await first.textContent())!.startsWith(wanted.name), read);
      near(Number.parseFloat((await first.locator('.value').textContent())!), wanted.percent, 0.6, read);
      const five = [...golden.float32(`probs-${read}`)].sort((a, b) => b - a).slice(0, 5);
      const texts = await page.locator(`[data-read="${read}"] ol li .value`).allTextContents();
      five.forEach((v, i) => near(Number.parseFloat(texts[i]!), 100 * v, 0.6, `${read}, place ${i}`));
      assert.ok((await shown(page, '[data-check="head"]')) < 1e-4);
    }

    await view(page, 'Positions');
    await page.locator('[data-positions="learned-near-196"]').waitFor({ timeout: 60_000 });
    const neighbours = async () => {
      const texts = await page.locator('[data-neighbours] b').allTextContents();
      return texts.map((t) => Number(t.trim().replace('−', '-')));
    };
    const check = async (key: string, row: number) => {
      const all = golden.float32(key).subarray(row * 196, (row + 1) * 196);
      const [right, below, far] = await neighbours();
      near(right!, all[110]!, 0.006, `${key}, right`);
      near(below!, all[123]!, 0.006, `${key}, below`);
      // Patch 109 lies in row 7 of 14, column 11: its far corner is the first.
      near(far!, all[0]!, 0.006, `${key}, far`);
    };
    await check('near-learned', 1);
    await choose(page, '2-D sin-cos');
    await page.locator('[data-positions="sincos-near-196"]').waitFor();
    await check('near-sincos', 1);
    await choose(page, 'features');
    await page.locator('[data-positions="sincos-features-192"]').waitFor();
    await choose(page, 'learned');
    await choose(page, 'cosines');
    await slide(page, 'Patch size', 4);
    await page.locator('[data-positions="learned-near-49"]').waitFor({ timeout: 60_000 });
    await page.getByText('Stored as 14 × 14, resized to 7 × 7').waitFor();
    const [right, below] = await neighbours();
    // Row 3, column 5 of 7: position 26.
    near(right!, golden.float32('near-resized')[27]!, 0.006, 'resized, right');
    near(below!, golden.float32('near-resized')[33]!, 0.006, 'resized, below');
    await chipIs(page, 'pos_added', [49, 192]);

    // The ladder of every size, the map, and the exercise.
    await slide(page, 'Patch size', 2);
    await view(page, 'Ladder');
    const parameters = async (rung: string) => shown(page, `[data-rung="${rung}"] [data-parameters]`);
    for (const [size, width, all] of [
      ['Ti', 192, 5_717_416],
      ['S', 384, 22_050_664],
      ['B', 768, 86_567_656],
      ['L', 1024, 304_326_632],
    ] as const) {
      await choose(page, size);
      assert.equal(await parameters('patch_embed'), 768 * width + width, size);
      assert.equal(await parameters('tokens'), 197 * width, size);
      assert.equal(await shown(page, '[data-all]'), all, size);
    }
    await choose(page, 'H');
    await queryHas(page, 'size=h');
    await choose(page, 'this one');
    assert.equal(await parameters('pos_added'), 196 * 192);
    await choose(page, 'Picture');
    await queryHas(page, 'map=0');

    const form = page.locator('[data-exercise]');
    const fields = form.getByRole('textbox');
    await fields.nth(0).fill('144');
    await fields.nth(1).fill('1024');
    await form.getByRole('button', { name: 'Check' }).click();
    await form.locator('[data-verdict="wrong"]').waitFor();
    await fields.nth(0).fill('145');
    await form.getByRole('button', { name: 'Check' }).click();
    await form.locator('[data-verdict="right"]').waitFor();
    await form.getByRole('button', { name: 'Another one' }).click();
  },
  { timeout: 180_000, motion: true },
);

test('a broken link opens with the defaults and says so; keys move the chosen patch', async (ctx) => {
  const page = await openLesson(ctx, `${LESSON}?v=1&p=20&view=nowhere&seed=0&table=sincos`);
  const note = page.locator('[data-link-note]');
  for (const part of [/p = “20”/, /view = “nowhere”/, /seed = “0”/]) await note.getByText(part).waitFor();
  await chipIs(page, 'patches', [196, 768]);
  await choose(page, 'in order');
  await page.getByRole('application', { name: /cut into/ }).focus();
  await page.keyboard.press('ArrowDown');
  await queryHas(page, 'at=136.184');
});

test('the stage of a phone leaves the prose its room', async (ctx) => {
  const page = await openLesson(ctx, LESSON, { width: 390, height: 844, touch: true });
  for (const step of ['question', 'matrix', 'convolution', 'mean', 'positions', 'shuffle', 'ladder']) {
    await page.evaluate((id) => document.getElementById(id)?.scrollIntoView({ behavior: 'instant' }), step);
    await page.locator(`[data-step="${step}"].on`).waitFor();
    const box = (await page.locator('.stage').boundingBox())!;
    assert.ok(box.height <= 0.45 * 844, `${step}: ${box.height} px`);
  }
});
