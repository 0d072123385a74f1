import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { test } from './harness.ts';

/** Waits until the page's buttons answer; before, they are only drawn. */
const awake = (page: Page) => page.locator('html[data-awake]').waitFor();

test('the front door opens in the browser’s language, then in the one chosen', async (ctx) => {
  const page = await ctx.page({ locale: 'zh-CN' });
  await page.goto(ctx.url('/'));
  await page.waitForURL('**/zh/');
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
  await awake(page);
  await page.locator('[data-language="en"]').click();
  await page.waitForURL('**/en/');
  await page.waitForFunction(() => document.documentElement.lang === 'en');
  await page.goto(ctx.url('/'));
  await page.waitForURL('**/en/');

  const french = await ctx.page({ locale: 'fr-FR' });
  await french.goto(ctx.url('/'));
  await french.waitForURL('**/en/');
});

test('pages say their language, title and the other language before any script runs', async (ctx) => {
  for (const [path, lang, title, other] of [
    ['/en/', 'en', 'Patchwork', 'zh-CN'],
    ['/zh/', 'zh-CN', 'Patchwork', 'en'],
    ['/en/01-patches/', 'en', 'How does a picture become words?', 'zh-CN'],
    ['/zh/01-patches/', 'zh-CN', '一张图片怎样变成一串', 'en'],
  ] as const) {
    const html = await (await fetch(ctx.url(path))).text();
    assert.match(html, new RegExp(`<html lang="${lang}"`), path);
    assert.match(html, new RegExp(`<title>[^<]*${title.replace('?', '\\?')}`), path);
    assert.match(html, new RegExp(`hreflang="${other}"`), path);
    assert.match(html, /<meta name="description" content="[^"]{40,}"/, path);
    assert.match(html, /property="og:title"/, path);
    assert.ok(!html.includes('%lang%') && !html.includes('%fallback%'), path);
  }
});

test('the first picture moves by itself within two seconds, and the slider answers', async (ctx) => {
  const page = await ctx.page();
  await page.goto(ctx.url('/en/'), { waitUntil: 'commit' });
  const sizes = () => page.locator('figure [data-from="graph"] .size').allTextContents();
  await page.locator('figure canvas').waitFor();
  await page.waitForFunction(() => document.querySelector('figure output')?.textContent?.startsWith('16'));
  const slider = page.getByRole('slider', { name: 'Patch size' });
  await slider.focus();
  await page.keyboard.press('Home');
  await page.waitForFunction(() => document.querySelector('figure output')?.textContent?.startsWith('8'));
  await page.waitForFunction(
    () => [...document.querySelectorAll('figure .size')].map((e) => e.textContent).join() === '784,192',
  );
  assert.deepEqual((await sizes()).map(Number), [784, 192]);
});

test('the map lists every lesson and the inspector', async (ctx) => {
  const page = await ctx.page();
  await page.goto(ctx.url('/en/'));
  const map = page.locator('section[aria-labelledby="lessons"]');
  const written = readdirSync('lessons').filter((slug) => existsSync(`lessons/${slug}/lesson.ts`));
  // Every lesson and the inspector.
  assert.equal(await map.locator('li').count(), written.length + 1);
  assert.equal(await map.locator('a').count(), written.length + 1);
  for (const link of await map.locator('a').all()) {
    const response = await fetch(new URL((await link.getAttribute('href'))!, page.url()));
    assert.equal(response.status, 200);
  }
});

test('the theme follows the system, then the reader, and is there before the first paint', async (ctx) => {
  const page = await ctx.page({ scheme: 'dark' });
  await page.goto(ctx.url('/en/'));
  const shown = () => page.locator('html').getAttribute('data-theme');
  assert.equal(await shown(), 'dark');
  const button = page.locator('[data-theme-choice]');
  await awake(page);
  await button.click();
  assert.equal(await shown(), 'light');
  await page.addInitScript(() => {
    document.addEventListener('readystatechange', () => {
      (globalThis as { early?: string }).early ??= document.documentElement.dataset.theme ?? '';
    });
  });
  await page.reload();
  assert.equal(await page.evaluate(() => (globalThis as { early?: string }).early), 'light');
  await awake(page);
  await button.click();
  assert.equal(await shown(), 'dark');
  await button.click();
  assert.equal(await button.getAttribute('data-theme-choice'), 'auto');
});

test('an unknown address helps in both languages', async (ctx) => {
  ctx.allow(/404/);
  const page = await ctx.page();
  const response = await page.goto(ctx.url('/en/no-such-lesson/'));
  assert.equal(response?.status(), 404);
  await page.getByRole('heading', { name: 'Nothing lies at this address.' }).waitFor();
  await page.getByRole('heading', { name: '这个地址没有页面。' }).waitFor();
  await page.getByRole('link', { name: '1 Patches' }).click();
  await page.waitForURL('**/en/01-patches/');
});

test('the keys are listed with ?, work, and can be switched off', async (ctx) => {
  const page = await ctx.page();
  await page.goto(ctx.url('/en/'));
  // The markup is there before the scripts are: the key is pressed until somebody listens.
  const dialog = page.getByRole('dialog', { name: 'Keys' });
  await page.waitForFunction(() => document.querySelector('[data-theme-choice]'));
  for (let i = 0; i < 20 && !(await dialog.isVisible()); i++) {
    await page.keyboard.press('?');
    await page.waitForTimeout(500);
  }
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' });
  await page.keyboard.press('t');
  await page.waitForFunction(() => document.querySelector('[data-theme-choice="light"]'));
  await page.keyboard.press('l');
  await page.waitForURL('**/zh/');
  await page.keyboard.press('?');
  await page.getByRole('checkbox').uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('l');
  await page.waitForTimeout(300);
  assert.match(page.url(), /\/zh\/$/);
});

test('the skip link is the first stop of the keyboard', async (ctx) => {
  const page = await ctx.page();
  await page.goto(ctx.url('/en/01-patches/'));
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('href')), '#main');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.id === 'main');
});

test('nothing is wider than a phone', async (ctx) => {
  const page = await ctx.page({ width: 390, height: 844, touch: true });
  for (const path of ['/en/', '/zh/', '/en/01-patches/', '/zh/01-patches/']) {
    await page.goto(ctx.url(path));
    await page.locator('main').waitFor();
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${path}: ${over} px too wide`);
  }
});

test('without scripts there are links, prose and still pictures', async (ctx) => {
  await ctx.page();
  const context = await ctx.context.browser()!.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(ctx.url('/'));
  await page.getByRole('link', { name: 'English' }).click();
  await page.getByRole('link', { name: 'Start with lesson 1' }).click();
  assert.match(page.url(), /\/en\/01-patches\/$/);
  await page.getByRole('heading', { name: 'Cut it into squares' }).waitFor();
  const picture = page.locator('.stage img').first();
  assert.ok((await picture.boundingBox())!.width > 200);
  assert.equal(await page.getByRole('slider').count(), 0);
  await context.close();
});
