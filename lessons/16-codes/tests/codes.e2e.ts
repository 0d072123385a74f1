import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { test, type TestContext } from '#tests/e2e/harness.ts';
import { near, number } from '#tests/e2e/lesson.ts';

const golden = parseSafetensors(new Uint8Array(readFileSync('lessons/16-codes/tests/golden.safetensors')));
const wanted = (name: string) => [...golden.float32(`codes.${name}`)];

async function open(ctx: TestContext, query: string, lang = 'en'): Promise<Page> {
  const page = await ctx.page();
  await page.goto(ctx.url(`/${lang}/16-codes/?v=1&device=wasm&net=vq&pic=sunflower&${query}`));
  await page.locator('main[data-listens]').waitFor({ timeout: 60_000 });
  return page;
}
const textOf = async (page: Page, selector: string) =>
  number((await page.locator(selector).first().textContent())?.replaceAll(',', ''));

test('the nearest code is PyTorch’s, its squares add up, and another code changes what PyTorch says', async (ctx) => {
  const page = await open(ctx, 'view=nearest&cell=27');
  await page.locator('[data-nearest="ready"] [data-distance]').waitFor({ timeout: 90_000 });
  await page.waitForFunction(() => document.querySelector('[data-sum]')?.textContent !== '…');
  assert.equal(await textOf(page, '[data-nearest-code]'), wanted('photo.codes')[27]);
  near(await textOf(page, '[data-sum]'), await textOf(page, '[data-distance]'), 'sum', 0.001, 0.0015);
  // Another of the listed codes: its own squares add up, too.
  await page.locator('[data-field="nth"] button').nth(3).click();
  await page.locator('[data-field="nth"] button[aria-pressed="true"]').nth(0).waitFor();
  near(await textOf(page, '[data-sum]'), await textOf(page, '[data-distance]'), 'sum', 0.001, 0.0015);
  // The next place by the keyboard.
  await page.locator('[role="application"]').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(
    (code) => document.querySelector('[data-nearest-code]')?.textContent === code,
    String(wanted('photo.codes')[28]),
  );
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('radio', { name: 'Another code', exact: true }).check({ force: true });
  await page.waitForFunction(() => document.querySelector('[data-reach]')?.textContent?.includes('column 3'));
  const [own = 0, around = 0] = wanted('farthest.shares');
  near((await textOf(page, '[data-share="own"]')) / 100, own, 'own square', 0.03, 0.02);
  near((await textOf(page, '[data-share="around"]')) / 100, around, 'around it', 0.03, 0.02);
});

test('a JPEG of low quality has fewer bytes, and the codes the same', async (ctx) => {
  const page = await open(ctx, 'view=rate&q=90', 'zh');
  await page.locator('[data-rate="ready"]').waitFor({ timeout: 90_000 });
  const bytes = () => textOf(page, '[data-row="jpeg"] td');
  const high = await bytes();
  await page.getByRole('slider', { name: 'JPEG 的质量' }).fill('5');
  await page.waitForFunction(() =>
    document.querySelector('[data-row="jpeg"] th')?.textContent?.includes('5'),
  );
  await page.waitForFunction(
    (before) =>
      Number(document.querySelector('[data-row="jpeg"] td')?.textContent?.replace(/\D/g, '')) < before,
    high,
  );
  assert.equal(await textOf(page, '[data-row="codes"] td'), 72);
  const dB = number(await page.locator('[data-row="codes"] td').last().textContent());
  near(dB, wanted('photo.psnr')[0] ?? 0, 'codes', 0.01, 0.1);
});

test('one step at a time the small example learns; six grids leave over what PyTorch says', async (ctx) => {
  const page = await open(ctx, 'view=through&made=0&beta=0.25');
  const error = () => textOf(page, '[data-row="error"] td:last-child');
  await page.locator('[data-through="through"]').waitFor({ timeout: 60_000 });
  const [start = 0, , second = 0] = wanted('small.through.0.25');
  near(await error(), start, 'at the start', 0.001, 0.001);
  for (let i = 0; i < 2; i++) await page.locator('[data-one-step]').click();
  near(await error(), second, 'after two steps', 0.001, 0.001);
  await page.getByRole('radio', { name: 'Scales', exact: true }).check({ force: true });
  await page.locator('[data-pyramid="ready"]').waitFor({ timeout: 90_000 });
  await page.locator('[data-field="upto"] button').nth(2).click();
  await page.waitForFunction(() => document.querySelector('[data-so-far]')?.textContent === '14');
  near((await textOf(page, '[data-missing]')) / 100, wanted('photo.rest')[2] ?? 0, 'missing', 0.02, 0.01);
  near(await textOf(page, '[data-psnr]'), wanted('photo.after')[2] ?? 0, 'dB', 0.01, 0.1);
});
