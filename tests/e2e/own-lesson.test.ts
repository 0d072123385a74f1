import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { test } from './harness.ts';
import { openLesson } from './lesson.ts';
import { untracedNumerals } from './numerals.ts';

const BARE = 'models/vit-tiny/model.safetensors';
const PTH = 'tests/fixtures/weights/vit.pth';

const place = (page: Page, state: string) => page.locator(`[data-own-network="${state}"]`);
const param = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

/** Opens a file of weights in a lesson; two heads, which no tensor tells. */
async function openOwn(page: Page, file: string): Promise<void> {
  await page.locator('[data-own-files]').setInputFiles(file);
  const heads = page.locator('[data-own-field="heads"] input');
  await heads.fill('2');
  await heads.press('Tab');
  await page.locator('[data-own-open]').click();
}
const answered = (page: Page) => page.locator('[data-own-stage="ready"]').waitFor({ timeout: 60_000 });

test(
  'own lesson: a reader’s network takes the stage of lesson 3, is said to be theirs, and a link names it',
  async (ctx) => {
    const page = await openLesson(ctx, '/en/03-attention/?device=wasm');
    assert.equal(await page.locator('[data-own-network]').count(), 0);
    await page.locator('[data-own-ask]').click();
    await openOwn(page, BARE);
    await answered(page);
    await page.locator('[data-own-answer] li', { hasText: 'class' }).first().waitFor({ timeout: 60_000 });
    await page.locator('.card [data-from="tensor:blocks.0.attn.probs"]').first().waitFor();
    assert.match((await place(page, 'own').textContent()) ?? '', /text was written for vit-flexi/);
    assert.deepEqual(
      (await untracedNumerals(page, '.stage')).map(({ text, where }) => `${text} at ${where}`),
      [],
    );
    // The strip is of this network: 8 × 8 patches and a CLS token.
    const sizes = await page.locator('.strip [data-tensor$="attn.probs"] .size').allTextContents();
    assert.deepEqual(sizes.map(Number), [2, 65, 65]);
    // Another patch size: the kernel and the positions are resized, and that is said.
    const patch = page.getByRole('slider', { name: 'Patch size' });
    await patch.focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('[data-own-resized]', { hasText: '8 × 8' }).waitFor({ timeout: 60_000 });
    await page.waitForFunction(() => new URLSearchParams(location.search).get('on')?.startsWith('8.'));
    assert.match(param(page, 'm') ?? '', /^own-[0-9a-f]{12}$/);

    // Elsewhere on the site it is known; a lesson that reads classes shows its answer.
    await page.locator('[data-own-leave]').click();
    await place(page, 'lesson').waitFor();
    await page.waitForFunction(() => !new URLSearchParams(location.search).has('m'));
    assert.deepEqual(ctx.troubles, []);
  },
  { timeout: 120_000 },
);

test(
  'own lesson: lessons 2, 4 and 5 show it too, on a phone and in Chinese; one that does not fit goes to the inspector',
  async (ctx) => {
    const options = { width: 390, height: 844, scheme: 'dark' } as const;
    const page = await openLesson(ctx, '/zh/02-tokens/?device=wasm', options);
    await page.locator('[data-own-ask]').click();
    await openOwn(page, PTH);
    await answered(page);
    await page.locator('.card [data-from="tensor:pos_embed"]').first().waitFor({ timeout: 60_000 });
    const link = page.url();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);

    // The same page goes on to other lessons, whose links name it.
    for (const [slug, tensor] of [
      ['04-block', 'tensor:blocks.0'],
      ['05-answer', 'tensor:blocks.0'],
    ] as const) {
      const query = new URL(link).search.replace(/&on=[^&]*/, '');
      await page.evaluate(
        ([path]) => {
          const a = document.createElement('a');
          a.href = path;
          document.querySelector('main')!.append(a);
          a.click();
        },
        [`/zh/${slug}/${query}`] as const,
      );
      await page.waitForURL(`**/zh/${slug}/**`);
      await answered(page);
      await page
        .locator(`.card [data-from="${tensor}"]`)
        .first()
        .waitFor({ state: 'attached', timeout: 60_000 });
      assert.match((await place(page, 'own').textContent()) ?? '', /正文是针对 vit-flexi 写的/);
    }
    // A link to a network that this browser does not have asks for its file, and the lesson goes on meanwhile.
    await page.goto(ctx.url('/en/05-answer/?m=own-0123456789ab&file=mine.pth&device=wasm'));
    await place(page, 'absent').waitFor();
    assert.match((await place(page, 'absent').textContent()) ?? '', /mine\.pth/);
    assert.equal(await page.locator('[data-own-stage]').count(), 0);
    assert.equal(await page.locator('[data-link-note]').count(), 0);
    assert.deepEqual(ctx.troubles, []);
  },
  { timeout: 150_000 },
);
