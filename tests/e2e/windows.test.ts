import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { test } from './harness.ts';
import { lessonsToTest } from './pages.ts';
import {
  draw,
  fetchSlideShow,
  holdSteps,
  layoutFaults,
  openWindows,
  reachStep,
  smallWords,
  WINDOWS,
} from './windows.ts';

/** Pixels of the smallest words of a slide, and the window that is looked at. */
const SLIDE = { words: 13, window: '1440×900' } as const;

for (const { slug, lesson } of await lessonsToTest()) {
  test(
    `windows: every step of ${slug} is whole and in reach in every window, its slide can be read`,
    async (ctx) => {
      const page = await ctx.page({ reducedMotion: true });
      await holdSteps(page);
      await page.goto(ctx.url(`/en/${slug}/?v=1`));
      await page.locator('main[data-listens]').waitFor();
      await fetchSlideShow(page);
      const windows = await openWindows(page);
      await draw(page, false);
      const found = new Map<string, string[]>();
      for (const [i, { id }] of lesson.steps.entries()) {
        await reachStep(page, id);
        // There and back: the last window of a step is the first one of the next.
        for (const window of i % 2 === 0 ? WINDOWS : WINDOWS.toReversed()) {
          for (const { kind, what } of await windows.faults(window, id)) {
            const fault = `${window.name}: ${kind}: ${what}`;
            found.set(fault, [...(found.get(fault) ?? []), id]);
          }
          if (window.name !== SLIDE.window) continue;
          for (const words of await smallWords(page, SLIDE.words))
            found.set(`slide show: ${words}`, [...(found.get(`slide show: ${words}`) ?? []), id]);
        }
      }
      await draw(page, true);
      const said = [...found].map(([fault, steps]) => `${fault} (${steps.join(', ')})`);
      assert.deepEqual(said, [], said.join('\n'));
    },
    { timeout: 240_000 },
  );
}

test(
  'windows: words that their own box cuts are seen to be cut',
  async (ctx) => {
    const page = await ctx.page({ reducedMotion: true });
    await page.goto(ctx.url('/en/01-patches/?v=1'));
    await page.locator('main[data-listens]').waitFor();
    const cutNow = async () =>
      (await layoutFaults(page)).filter(({ what }) => what.includes('five words')).map(({ kind }) => kind);
    const styles = [
      ['', false],
      ['width: 60px; white-space: nowrap; overflow: hidden', true],
      ['width: 60px; white-space: nowrap; overflow: clip; text-overflow: ellipsis', true],
      [
        'width: 60px; overflow: hidden; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2',
        true,
      ],
      ['width: 60px; height: 20px; overflow: hidden', true],
      ['width: 60px; white-space: nowrap; overflow-x: auto', false],
    ] as const;
    for (const [style, cut] of styles) {
      await page.evaluate((css) => {
        document.getElementById('measured')?.remove();
        const words = document.createElement('p');
        words.id = 'measured';
        words.style.cssText = `position: absolute; left: 0; top: 0; z-index: 9; background: white; ${css}`;
        words.textContent = 'These are five words, measured';
        document.querySelector('.stage .card')!.append(words);
      }, style);
      assert.equal((await cutNow()).includes('cut'), cut, `style “${style}”`);
    }
  },
  { timeout: 120_000 },
);

test('windows: the slider stays where it is, whatever the model says', async (ctx) => {
  const page = await ctx.page({ reducedMotion: true });
  await holdSteps(page);
  await page.goto(ctx.url('/en/01-patches/?v=1'));
  const slider = page.getByRole('slider', { name: 'Patch size' });
  const line = page.locator('[data-model-line]');
  await page.locator('[data-model-line="ready"]').waitFor();
  for (const window of WINDOWS) {
    await page.setViewportSize(window);
    const places = new Set<number>();
    const said = new Set<string>();
    // Trained sizes, one that leaves a border over, the largest: an answer, a refusal of one line and of three.
    for (const size of ['16', '30', '56', '9']) {
      await slider.fill(size);
      await page.waitForTimeout(80);
      said.add((await line.getAttribute('data-model-line'))!);
      places.add(Math.round((await slider.boundingBox())!.y));
    }
    assert.ok(said.size > 1, `the line never changed: ${[...said]}`);
    assert.equal(places.size, 1, `${window.name}: the slider stood at ${[...places].join(', ')} px`);
  }
});

/** Sets the window's size; right after full screen the browser refuses it for a moment. */
async function sized(page: Page, { width, height }: { width: number; height: number }): Promise<void> {
  for (let tries = 0; ; tries++)
    try {
      return await page.setViewportSize({ width, height });
    } catch (error) {
      if (tries > 30 || !String(error).includes('restore it to normal')) throw error;
      await page.waitForTimeout(100);
    }
}

test('windows: the link is copied and the stage fills the screen, in every window', async (ctx) => {
  const page = await ctx.page({ reducedMotion: true });
  await page.goto(ctx.url('/en/02-tokens/?v=1'));
  await page.locator('main[data-listens]').waitFor();
  for (const window of WINDOWS) {
    await sized(page, window);
    await page.evaluate(() => document.querySelector('[data-step]')!.scrollIntoView({ behavior: 'instant' }));
    for (const which of ['[data-copy]', '[data-full]']) {
      const { x, y, width, height } = (await page.locator(which).boundingBox())!;
      assert.ok(width >= 28 && height >= 28, `${window.name}: ${which} is ${width} by ${height} px`);
      const hit = await page.evaluate(
        ([left, top, css]) => document.elementFromPoint(left, top)?.closest(css) !== null,
        [x + width / 2, y + height / 2, which] as const,
      );
      assert.ok(hit, `${window.name}: ${which} is covered or outside the window`);
    }
    const button = page.locator('[data-full]');
    const stood = await page.evaluate(() => scrollY);
    await button.click();
    const full = page.locator('[data-full-screen]');
    await full.waitFor();
    await page.waitForFunction(() => {
      const { width, height } = document.querySelector('[data-full-screen]')!.getBoundingClientRect();
      return width >= innerWidth - 1 && height >= innerHeight - 1;
    });
    const canvas = await full.locator('canvas').first().boundingBox();
    assert.ok(canvas && canvas.width >= 180, `${window.name}: the figure is ${canvas?.width} px wide`);
    await page.keyboard.press('Escape');
    await full.waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.matches('[data-full]'));
    assert.equal(await page.evaluate(() => scrollY), stood);
    // The browser's own window comes back a moment after the page has it.
    await page.waitForFunction(
      ([w, h]) => document.fullscreenElement === null && innerWidth === w && innerHeight === h,
      [window.width, window.height] as const,
    );
  }
  // The key, in both languages; a browser that does not give the screen shows the stage over the window.
  await sized(page, { width: 1280, height: 720 });
  await page.evaluate(() => {
    HTMLElement.prototype.requestFullscreen = () => Promise.reject(new TypeError('not allowed'));
  });
  for (const [lang, words] of [
    ['en', 'Leave full screen'],
    ['zh', '退出全屏'],
  ] as const) {
    if (lang === 'zh') await page.locator('.stage [data-language="zh"]').click();
    await page.waitForFunction((wanted) => document.documentElement.lang.startsWith(wanted), lang);
    await page.keyboard.press('f');
    const leave = page.getByRole('button', { name: words });
    await leave.waitFor();
    assert.equal(await page.evaluate(() => document.fullscreenElement), null);
    await leave.click();
    await leave.waitFor({ state: 'detached' });
  }
});
