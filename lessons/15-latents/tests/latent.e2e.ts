import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { test, type TestContext } from '#tests/e2e/harness.ts';
import { near, number } from '#tests/e2e/lesson.ts';

const golden = parseSafetensors(new Uint8Array(readFileSync('lessons/15-latents/tests/golden.safetensors')));
const PHOTO = 'net=autoencoder&pic=sunflower';

async function open(ctx: TestContext, query: string, lang = 'en'): Promise<Page> {
  const page = await ctx.page();
  await page.goto(ctx.url(`/${lang}/15-latents/?v=1&device=wasm&${query}`));
  await page.locator('main[data-listens]').waitFor({ timeout: 60_000 });
  return page;
}
const share = async (page: Page, which: string) =>
  number(await page.locator(`[data-share="${which}"]`).textContent()) / 100;

test('a changed latent is seen where PyTorch sees it, and nowhere when nothing is added', async (ctx) => {
  const page = await open(ctx, `view=latent&${PHOTO}&cell=27&ch=0&add=2`);
  await page.locator('[data-reach="some"]').waitFor({ timeout: 90_000 });
  const [own = 0, around = 0, elsewhere = 0] = golden.float32('latent.cell.shares');
  near(await share(page, 'own'), own, 'own square', 0.02, 0.01);
  near(await share(page, 'around'), around, 'around it', 0.02, 0.01);
  near(await share(page, 'elsewhere'), elsewhere, 'elsewhere', 0.02, 0.01);
  const slider = page.getByRole('slider', { name: 'Add to the chosen number' });
  await slider.fill('0');
  await page.locator('[data-reach="none"]').waitFor();
  // The next cell by the arrow keys; the change follows it.
  await slider.fill('-3');
  await page.locator('[data-reach="some"]').waitFor();
  await page.locator('[role="application"]').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() =>
    document.querySelector('[data-reach]')?.textContent?.includes('row 3, column 4'),
  );
});

test('what comes back has the PSNR of PyTorch, of a photo and of a sign', async (ctx) => {
  const page = await open(ctx, `view=lost&${PHOTO}`);
  const psnr = async () => number(await page.locator('[data-stat="psnr"] b').textContent());
  await page.locator('[data-lost="ready"]').waitFor({ timeout: 90_000 });
  near(await psnr(), golden.float32('latent.photo.psnr')[0] ?? 0, 'photo', 0.01, 0.1);
  const before = await psnr();
  await page.locator('[data-field="sign"] select').selectOption('1F60E');
  await page.waitForFunction(
    (was) => !document.querySelector('[data-stat="psnr"] b')?.textContent?.startsWith(was),
    before.toFixed(1),
  );
  near(await psnr(), golden.float32('latent.worn.psnr')[0] ?? 0, 'sign', 0.01, 0.2);
});

test('the gallery’s latents spread as PyTorch measures it, and time moves both shares', async (ctx) => {
  const page = await open(ctx, 'view=scale&net=autoencoder', 'zh');
  await page.locator('[data-scale="ready"]').waitFor({ timeout: 90_000 });
  const std = number(await page.locator('[data-stat="std"] b').textContent());
  near(std, golden.float32('latent.photos.std')[0] ?? 0, 'deviation', 0.02, 0.02);
  const alphaBar = (t: number) => Math.exp(-0.1 * t - 9.95 * t * t);
  for (const t of [0.5, 0.25]) {
    await page.getByRole('slider', { name: '时刻' }).fill(String(t));
    const power = alphaBar(t) * std * std;
    await page.waitForFunction(
      (at) =>
        document
          .querySelector('[data-field="when"], input')
          ?.ownerDocument.body.textContent?.includes(`时刻 ${at}`),
      t.toFixed(2),
    );
    near(await share(page, 'raw'), power / (power + 1 - alphaBar(t)), `signal at ${t}`, 0.03, 0.01);
  }
  assert.ok((await page.locator('svg').count()) > 0);
});
