import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { test } from '#tests/e2e/harness.ts';
import { chipIs, openLesson, queryHas, slide } from '#tests/e2e/lesson.ts';

const LESSON = '/en/06-noise/';
/** What PyTorch computes from the same picture, schedules and seed (lessons/06-noise/tests/reference.py). */
const golden = parseSafetensors(new Uint8Array(readFileSync('lessons/06-noise/tests/golden.safetensors')));
const wanted = (key: string, i = 0) => golden.float32(key)[i]!;
const TABLES = ['linear', 'cosine', 'vp', 'scaled-linear'] as const;
/** Chromium and libwebp decode a picture to bytes that differ by one here and there: 1/127.5 of a value. */
const BYTE = 0.009;

/** The number an element shows, once it shows one. */
async function shown(page: Page, selector: string): Promise<number> {
  await page.waitForFunction((s) => /\d/.test(document.querySelector(s)?.textContent ?? ''), selector, {
    timeout: 30_000,
  });
  const text = (await page.locator(selector).first().textContent())!;
  return Number(text.trim().replaceAll('−', '-').replaceAll(',', ''));
}
const near = (got: number, want: number, within: number, what: string) =>
  assert.ok(Math.abs(got - want) <= within, `${what}: ${got} on screen, ${want} in PyTorch`);
const choose = (page: Page, name: string) =>
  page.getByRole('radio', { name, exact: true }).check({ force: true });
/** Waits until the sweep to a t is over: it begins at that t, runs through others and ends there. */
async function rests(page: Page, t: number): Promise<void> {
  const place = page.locator(`.halves[data-t="${t}"]`);
  await place.waitFor();
  await page.waitForFunction(
    (want) => {
      const known = window as { since?: number };
      if (document.querySelector('.halves')?.getAttribute('data-t') !== want) known.since = undefined;
      else known.since ??= performance.now();
      return known.since !== undefined && performance.now() - known.since > 1200;
    },
    String(t),
    { polling: 'raf' },
  );
}
/** Sets t and waits until the stage shows it. */
async function at(page: Page, t: number): Promise<void> {
  await slide(page, 'Step t', t);
  await page.locator(`.halves[data-t="${t}"]`).waitFor();
}
const stats = async (page: Page, place: string) => {
  await page.locator(`${place} b`).first().waitFor();
  const texts = await page.locator(`${place} b`).allTextContents();
  return texts.map((text) => Number.parseFloat(text.trim().replaceAll('−', '-')));
};

test(
  'a pixel is weight times picture plus weight times noise, at every size and rule',
  async (ctx) => {
    const page = await openLesson(ctx, `${LESSON}?v=1&t=249&size=small`);
    await rests(page, 249);
    await page.locator('[data-cell="xt"]').filter({ hasText: /\d/ }).first().waitFor();
    for (const [c, channel] of ['r', 'g', 'b'].entries()) {
      const cell = (name: string) => shown(page, `[data-channel="${channel}"] [data-cell="${name}"]`);
      near(await cell('x0'), wanted('picture-pixel', c), BYTE, `picture ${channel}`);
      near(await cell('eps'), wanted('noise-pixel', c), 6e-4, `noise ${channel}`);
      near(await cell('xt'), wanted('pixel-249', c), BYTE, `noised ${channel}`);
    }
    for (const t of [0, 749, 999]) {
      await at(page, t);
      near(
        await shown(page, '[data-channel="r"] [data-cell="xt"]'),
        wanted(`pixel-${t}`),
        BYTE,
        `red at ${t}`,
      );
    }
    const [bar, , , db] = await stats(page, '[data-stats]');
    near(bar!, wanted('abar-linear', 4), 1e-7, 'signal power');
    near(db!, wanted('db-linear', 4), 0.06, 'decibels');

    // Another pixel by keys, another noise by the button and by hand.
    await page.getByRole('application', { name: /The picture at step/ }).focus();
    await page.keyboard.press('ArrowRight');
    await queryHas(page, 'px=11.17');
    await page.locator('[data-pixel="11.17"]').waitFor();
    const before = await shown(page, '[data-channel="r"] [data-cell="eps"]');
    await page.getByRole('button', { name: 'Other noise' }).click();
    await queryHas(page, 'seed=2');
    assert.notEqual(await shown(page, '[data-channel="r"] [data-cell="eps"]'), before);
    const seed = page.getByRole('spinbutton', { name: 'Noise seed' });
    await seed.fill('0');
    await seed.press('Enter');
    assert.equal(await seed.inputValue(), '2', 'a seed that is none is put back');
    await seed.fill('1');
    await seed.press('Enter');
    assert.equal(await shown(page, '[data-channel="r"] [data-cell="eps"]'), before);
    await choose(page, '224 × 224');
    await page.waitForFunction(
      () => document.querySelector<HTMLCanvasElement>('.frame canvas')?.width === 224,
    );
    await chipIs(page, 'x_t', [3, 32, 32]);
  },
  { motion: true },
);

test('film strip and histogram: frames, moments, KS distance, and the wrong weights', async (ctx) => {
  const page = await openLesson(ctx, `${LESSON}?v=1&view=strip&t=333&size=small`);
  await page.locator('[data-frame="999"] canvas[data-painted="yes"]').waitFor();
  assert.equal(await page.locator('[data-frame]').count(), 10);
  await page.locator('[data-frame="555"]').click();
  await page.locator('.halves[data-t="555"]').waitFor();
  await page.keyboard.press('ArrowRight');
  await page.locator('.halves[data-t="666"]').waitFor();
  /** Whether the first speck of two frames has the same noise: the frames’ difference is the photo’s alone. */
  const bright = () =>
    page.locator('[data-frame="888"] canvas, [data-frame="999"] canvas').evaluateAll((all) => {
      const [a, b] = all.map(
        (c) => (c as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, 32, 32).data,
      );
      return a!.reduce((sum, v, i) => sum + Math.abs(v - b![i]!), 0) / a!.length;
    });
  const same = await bright();
  await choose(page, 'its own ε in each');
  await queryHas(page, 'eps=fresh');
  assert.ok((await bright()) > 10 * same, 'frames with their own noise have nothing in common');

  await choose(page, 'Values');
  for (const t of [0, 249, 749, 999]) {
    await at(page, t);
    const [mean, deviation, ks] = await stats(page, '[data-values]');
    near(mean!, wanted(`values-${t}`, 0), 0.003, `mean at ${t}`);
    near(deviation!, wanted(`values-${t}`, 1), 0.003, `deviation at ${t}`);
    near(ks!, wanted(`values-${t}`, 2), 0.004, `KS at ${t}`);
  }
  await choose(page, 'not faded');
  await queryHas(page, 'rule=unfaded');
  const [mean, deviation, ks] = await stats(page, '[data-values]');
  near(mean!, wanted('unfaded-999', 0), 0.003, 'mean, not faded');
  near(deviation!, wanted('unfaded-999', 1), 0.003, 'deviation, not faded');
  near(ks!, wanted('unfaded-999', 2), 0.004, 'KS, not faded');
  await choose(page, 'no roots');
  await queryHas(page, 'rule=unrooted');
});

test('the chain is the jump with its own noise, and agrees with fresh noise', async (ctx) => {
  const page = await openLesson(ctx, `${LESSON}?v=1&view=chain&t=249&size=small`);
  // The page opens by sweeping t from 0 to where the link wants it.
  await page.locator('.halves[data-t="249"]').waitFor();
  await page.locator('[data-chain="done"]').waitFor({ timeout: 40_000 });
  const most = await shown(page, '[data-most]');
  assert.ok(most > 0 && most < 1e-12, `largest difference ${most}`);
  for (const row of ['chain', 'jump'] as const) {
    near(await shown(page, `[data-row="${row}"] td`), wanted(row, 0), 6e-5 + 1e-9, `${row}, mean`);
    near(await shown(page, `[data-row="${row}"] td + td`), wanted(row, 1), 6e-5, `${row}, variance`);
  }
  near(await shown(page, '[data-row="formula"] td + td'), 1 - wanted('abar-linear', 1), 6e-5, 'formula');
  near(await shown(page, '[data-deviation]'), wanted('folded-deviation'), 6e-4, 'folded noise');

  await choose(page, 'Walk');
  await at(page, 499);
  await page.locator('[data-walk="done"]').waitFor({ timeout: 40_000 });
  for (const [row, key] of [
    ['walk', 'walk'],
    ['jump', 'walk-jump'],
  ] as const) {
    // The start differs by a byte of the picture at most, faded to 0.28 of it.
    near(await shown(page, `[data-row="${row}"] td`), wanted(key, 0), 0.004, `${row}, mean`);
    near(await shown(page, `[data-row="${row}"] td + td`), wanted(key, 1), 6e-4, `${row}, variance`);
  }
  await choose(page, 'always the first');
  await queryHas(page, 'links=same');
  await page.waitForFunction(
    () => Number(document.querySelector('[data-row="walk"] td + td')?.textContent) > 100,
    undefined,
    { timeout: 40_000 },
  );
  near(await shown(page, '[data-row="walk"] td + td'), wanted('walk-same', 1), 0.1, 'the same noise again');
  await choose(page, 'blue');
  await queryHas(page, 'ch=b');
});

test('schedules and the way back are PyTorch’s; ᾱ is predicted', async (ctx) => {
  const page = await openLesson(ctx, `${LESSON}?v=1&view=schedules&t=499&size=small`);
  await page.locator('.halves[data-t="499"]').waitFor();
  for (const [k, t] of [
    [2, 499],
    [4, 999],
  ] as const) {
    await at(page, t);
    for (const name of TABLES) {
      const cell = (id: string) => shown(page, `[data-table="${name}"] [data-cell="${id}"]`);
      const bar = wanted(`abar-${name}`, k);
      near(await cell('bar'), bar, 0.02 * bar, `${name} at ${t}`);
      near(await cell('db'), wanted(`db-${name}`, k), 0.06, `${name} at ${t}, dB`);
      assert.equal(await cell('half'), wanted(`half-${name}`), `${name}, SNR = 1`);
      near(await cell('last'), wanted(`db-${name}`, 4), 0.06, `${name}, last SNR`);
    }
  }
  await page.getByRole('button', { name: 'cosine', exact: true }).click();
  await queryHas(page, 'sch=cosine');
  await page.getByRole('button', { name: 'linear', exact: true }).click();

  await choose(page, 'Back');
  await at(page, 249);
  for (const [label, back] of [
    ['1 step', 1],
    ['10', 10],
    ['100', 100],
  ] as const) {
    await choose(page, label);
    const row = '[data-posterior="done"] [data-row="posterior"]';
    near(await shown(page, `${row} td`), wanted(`back-${back}`, 0), BYTE, `mean ${back} back`);
    near(await shown(page, `${row} td + td`), wanted(`back-${back}`, 1), 6e-5, `deviation ${back} back`);
    for (const [i, id] of ['x0', 'xt', 'variance', 'beta'].entries())
      near(
        await shown(page, `[data-coefficients] [data-cell="${id}"]`),
        wanted(`back-weights-${back}`, i),
        6e-5,
        `${id} ${back} back`,
      );
  }
  await at(page, 0);
  await page.locator('[data-view="back"]').getByText('the variance is 0').waitFor();
  assert.equal(await shown(page, '[data-coefficients] [data-cell="variance"]'), 0);

  const form = page.locator('[data-exercise]');
  const field = form.getByRole('textbox');
  await field.fill('0.5');
  await form.getByRole('button', { name: 'Check' }).click();
  await form.locator('[data-verdict="wrong"]').waitFor();
  await field.fill('0.4');
  await form.getByRole('button', { name: 'Check' }).click();
  await form.locator('[data-verdict="right"]').waitFor();
  await form.getByRole('button', { name: 'Another one' }).click();
  await form.locator('[data-verdict="none"]').waitFor({ state: 'attached' });
});

test('a broken link opens with the defaults and says so; play runs to the end and stops', async (ctx) => {
  const page = await openLesson(ctx, `${LESSON}?v=1&t=1000&sch=quadratic&seed=0&px=32.0&view=strip`);
  const note = page.locator('[data-link-note]');
  for (const part of [/t = “1000”/, /sch = “quadratic”/, /seed = “0”/, /px = “32\.0”/])
    await note.getByText(part).waitFor();
  await page.locator('.halves[data-t="249"]').waitFor();
  await at(page, 980);
  await page.getByRole('button', { name: 'Play from here to the last step' }).click();
  await page.locator('.halves[data-t="999"]').waitFor();
  await page.getByRole('button', { name: 'Play from here to the last step' }).click();
  await page.waitForFunction(() => Number(document.querySelector<HTMLElement>('.halves')?.dataset.t) < 500);
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: 'Play from here to the last step' }).waitFor();
});

test('the stage of a phone leaves the prose its room', async (ctx) => {
  const page = await openLesson(ctx, LESSON, { width: 390, height: 844, touch: true });
  for (const step of ['question', 'pixel', 'strip', 'chain', 'walk', 'values', 'schedules', 'back']) {
    await page.evaluate((id) => document.getElementById(id)?.scrollIntoView({ behavior: 'instant' }), step);
    await page.locator(`[data-step="${step}"].on`).waitFor();
    const box = (await page.locator('.stage').boundingBox())!;
    assert.ok(box.height <= 0.45 * 844, `${step}: ${box.height} px`);
  }
});
