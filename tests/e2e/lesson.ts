import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { TestContext } from './harness.ts';

/** Opens a lesson page and waits until its controls answer (the picture is cut, the step is watched). */
export async function openLesson(ctx: TestContext, path: string, options = {}): Promise<Page> {
  const page = await ctx.page(options);
  await page.goto(ctx.url(path));
  await page.locator('[aria-label][role="application"] canvas').first().waitFor();
  return page;
}

/** Waits until the model has answered at the present patch size. */
export async function answered(page: Page): Promise<void> {
  await page.locator('[data-model-line="ready"] b').waitFor({ timeout: 90_000 });
  await page.waitForFunction(() => !document.querySelector('[data-model-line] .pending'), undefined, {
    timeout: 60_000,
  });
}

/** Moves a slider: near by with the arrow keys, far in one go as a finger does. */
export async function slide(page: Page, name: string | RegExp, value: number): Promise<void> {
  const slider = page.getByRole('slider', { name });
  await slider.focus();
  const from = Number(await slider.inputValue());
  const key = value > from ? 'ArrowRight' : 'ArrowLeft';
  if (Math.abs(value - from) > 6) await slider.fill(String(value));
  else for (let i = 0; i < Math.abs(value - from); i++) await page.keyboard.press(key);
  assert.equal(Number(await slider.inputValue()), value);
}

/** The shape a chip of the strip shows, as numbers. */
export async function chip(page: Page, tensor: string): Promise<number[]> {
  const text = await page.locator(`.strip [data-tensor="${tensor}"] .size`).allTextContents();
  return text.map((n) => Number(n));
}

/** Waits until the chip shows this shape (old numbers fade out while new ones fade in). */
export async function chipIs(page: Page, tensor: string, shape: readonly number[]): Promise<void> {
  let seen: number[] = [];
  for (let i = 0; i < 50; i++) {
    seen = await chip(page, tensor);
    if (seen.join() === shape.join()) return;
    await page.waitForTimeout(60);
  }
  assert.deepEqual(seen, shape);
}

/** The query of the address bar, once it has settled on what the test expects. */
export async function queryHas(page: Page, part: string): Promise<void> {
  await page.waitForFunction((wanted) => location.search.includes(wanted), part);
}

/** The number that a text begins with, with the page's minus. */
export const number = (text: string | null | undefined): number =>
  parseFloat((text ?? '').trim().replaceAll('−', '-'));

/**
 * Holds a number of the page to PyTorch's. Chromium and Pillow decode a picture to bytes that differ by one here and
 * there; what follows differs a little.
 */
export function near(shown: number, expected: number, what: string, part = 0.02, least = 0.002): void {
  const most = Math.max(least, part * Math.abs(expected));
  assert.ok(Math.abs(shown - expected) <= most, `${what}: ${shown} on the page, ${expected} in PyTorch`);
}
