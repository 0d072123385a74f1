import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { test, type TestContext } from './harness.ts';

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

test(
  'the first picture moves by itself within two seconds, and the slider answers',
  async (ctx) => {
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
  },
  { motion: true },
);

test('the map lists every lesson, the whole model and the inspector', async (ctx) => {
  const page = await ctx.page();
  await page.goto(ctx.url('/en/'));
  const map = page.locator('section[aria-labelledby="lessons"]');
  const written = readdirSync('lessons').filter((slug) => existsSync(`lessons/${slug}/lesson.ts`));
  // Every lesson, the whole model and the inspector.
  assert.equal(await map.locator('li').count(), written.length + 2);
  assert.equal(await map.locator('a').count(), written.length + 2);
  for (const link of await map.locator('a').all()) {
    const response = await fetch(new URL((await link.getAttribute('href'))!, page.url()));
    assert.equal(response.status, 200);
  }
});

/** Gives the header's menus copies of their own entries: sixteen lessons in four parts. */
function fillHeader() {
  const header = document.querySelector('header')!;
  const bar = header.querySelector('.wide')!;
  while (bar.querySelectorAll('details').length < 4) {
    const last = [...bar.querySelectorAll('details')].at(-1)!;
    last.after(last.cloneNode(true));
  }
  const menu = header.querySelector('.narrow nav')!;
  while (menu.querySelectorAll('ol').length < 4) {
    const [list, name] = [[...menu.querySelectorAll('ol')].at(-1)!, [...menu.querySelectorAll('p')].at(-1)!];
    list.after(name.cloneNode(true), list.cloneNode(true));
  }
  const lists = [...menu.querySelectorAll('ol')];
  const count = () => menu.querySelectorAll('li').length;
  while (count() > 16) lists.at(-1)!.lastElementChild!.remove();
  while (count() < 16) lists.at(-1)!.append(lists[0]!.lastElementChild!.cloneNode(true));
}

/** The filled header at one size: nothing overlaps or leaves the window, and its menu opens inside it without a jump. */
async function headerFits(
  ctx: TestContext,
  page: Page,
  lang: string,
  width: number,
  height: number,
  scheme: string,
): Promise<void> {
  const where = `${lang} at ${width} px`;
  const parts = await page.evaluate(() => {
    const header = document.querySelector('header')!;
    const boxes = [...header.querySelectorAll(':scope > *, .beside > *, .wide > *, .tools > *')]
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0);
    const overlaps = boxes.flatMap(({ element, box }) =>
      boxes
        .filter((other) => !element.contains(other.element) && !other.element.contains(element))
        .filter(({ box: b }) => b.left < box.right - 1 && b.right > box.left + 1)
        .map((other) => `${element.className} and ${other.element.className}`),
    );
    const ends = boxes.map(({ box }) => [box.left, box.right]).flat();
    return { height: header.offsetHeight, least: Math.min(...ends), most: Math.max(...ends), overlaps };
  });
  assert.deepEqual(parts.overlaps, [], where);
  assert.equal(parts.height, 56, where);
  assert.ok(parts.least >= 0 && parts.most <= width, `${where}: ${parts.least} … ${parts.most}`);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(over <= 0, `${where}: ${over} px too wide`);

  const top = () => page.locator('main').evaluate((main) => main.getBoundingClientRect().top);
  const before = await top();
  const menus = page.locator(width > 1100 ? '.wide [data-lesson-menu]' : '.narrow [data-lesson-menu]');
  const menu = menus.first();
  await menu.locator('summary').click();
  const list = menu.locator('.list');
  const box = (await list.boundingBox())!;
  assert.ok(box.x >= 0 && box.x + box.width <= width, `${where}: the list reaches ${box.x + box.width}`);
  assert.ok(box.y + box.height <= height, `${where}: the list ends at ${box.y + box.height}`);
  assert.equal(await top(), before, where);
  await ctx.shot(page, `header-${lang}-${width}-${scheme}`);
  const last = list.getByRole('link').last();
  await last.scrollIntoViewIfNeeded();
  const end = (await last.boundingBox())!;
  assert.ok(end.y + end.height <= height, `${where}: the last link ends at ${end.y + end.height}`);
  if (width < 900) assert.ok(end.height >= 44, `${where}: a link is ${end.height} px high`);
  await page.keyboard.press('Escape');
}

test(
  'the header holds sixteen lessons on a phone, a tablet and a desk, and nothing jumps',
  async (ctx) => {
    for (const [lang, touch, sizes] of [
      [
        'en',
        true,
        [
          [390, 844, 'light'],
          [768, 1024, 'dark'],
        ],
      ],
      ['zh', true, [[390, 844, 'dark']]],
      ['zh', false, [[1440, 900, 'light']]],
    ] as const) {
      const page = await ctx.page({ touch });
      await page.goto(ctx.url(`/${lang}/03-attention/`), { waitUntil: 'domcontentloaded' });
      await awake(page);
      await page.evaluate(fillHeader);
      for (const [width, height, scheme] of sizes) {
        await page.setViewportSize({ width, height });
        await page.emulateMedia({ colorScheme: scheme });
        await headerFits(ctx, page, lang, width, height, scheme);
      }
    }
  },
  { timeout: 120_000, motion: true },
);

test('the menus of lessons take the keyboard alone', async (ctx) => {
  const page = await ctx.page();
  await page.goto(ctx.url('/en/03-attention/'));
  await awake(page);
  const menu = page.locator('.wide [data-lesson-menu]');
  const first = menu.first();
  const isOpen = () => first.evaluate((e: HTMLDetailsElement) => e.open);
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
  await first.locator('summary').focus();
  await page.keyboard.press('ArrowDown');
  assert.equal(await isOpen(), true);
  assert.equal(await focused(), '1 Patches');
  await page.keyboard.press('ArrowDown');
  assert.equal(await focused(), '2 Tokens');
  await page.keyboard.press('End');
  assert.equal(await focused(), '5 Answer');
  await page.keyboard.press('ArrowDown');
  assert.equal(await focused(), '5 Answer');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowUp');
  assert.equal(await focused(), 'Part 1');
  await page.keyboard.press('Escape');
  assert.equal(await isOpen(), false);
  assert.equal(await focused(), 'Part 1');

  await page.keyboard.press('Enter');
  assert.equal(await isOpen(), true);
  await menu.nth(1).locator('summary').focus();
  assert.equal(await isOpen(), false, 'the focus left it');
  await page.keyboard.press('Enter');
  await page.mouse.click(700, 700);
  assert.equal(await page.locator('[data-lesson-menu][open]').count(), 0, 'pressed elsewhere');

  await first.locator('summary').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/en/01-patches/');
  assert.equal(await page.locator('[data-lesson-menu][open]').count(), 0, 'a new page');
});

test(
  'a lesson names those beside it, on a phone as well, and its menus open, all without scripts',
  async (ctx) => {
    await ctx.page();
    const context = await ctx.context.browser()!.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    const beside = page.locator('header .beside');
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 });
      for (const [slug, ways] of [
        ['01-patches', ['02-tokens']],
        ['03-attention', ['02-tokens', '04-block']],
      ] as const) {
        await page.goto(ctx.url(`/en/${slug}/`));
        const hrefs = await beside
          .locator('a')
          .evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).href));
        const found = hrefs.map((href) => href.split('/').at(-2));
        assert.deepEqual(found, [...ways]);
        const here = await beside.locator('[aria-current]').textContent();
        assert.equal(parseInt(here!, 10), parseInt(slug, 10));
      }
      await page.getByRole('link', { name: 'Lesson after: 4 Block' }).click();
      assert.match(page.url(), /\/en\/04-block\/$/);
      await page.goto(ctx.url('/en/'));
      assert.equal(await beside.count(), 0);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.locator('summary', { hasText: 'Part 2' }).click();
    await page.locator('.wide').getByRole('link', { name: '6 Noise' }).click();
    assert.match(page.url(), /\/en\/06-noise\/$/);
    await context.close();
  },
  { ownContext: true },
);

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

test(
  'a page asked for without a connection says so, and opens by itself when it is back',
  async (ctx) => {
    ctx.allow(
      /ERR_INTERNET_DISCONNECTED|Unable to preload CSS|Failed to fetch|dynamically imported|Not found|500/,
    );
    const page = await ctx.page();
    await page.goto(ctx.url('/en/01-patches/'));
    await awake(page);
    await ctx.context.setOffline(true);
    await page
      .locator('header a[href$="/en/02-tokens/"]')
      .first()
      .evaluate((a) => (a as HTMLElement).click());
    await page.getByRole('heading', { name: 'This page could not be opened.' }).waitFor();
    assert.match(
      (await page.locator('main').textContent()) ?? '',
      /There is no connection.*当前没有网络连接/s,
    );
    assert.equal(await page.getByText('mistyped').count(), 0);
    await ctx.context.setOffline(false);
    await page.getByRole('heading', { name: 'How does a transformer know where a patch was?' }).waitFor();
    assert.match(page.url(), /\/en\/02-tokens\//);
  },
  { ownContext: true },
);

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

test(
  'without scripts there are links, prose and still pictures',
  async (ctx) => {
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
  },
  { ownContext: true },
);
