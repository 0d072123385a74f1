import type { Page } from 'playwright-core';

/** What a page of cells notes of itself, from before its own scripts on. */
interface Clock {
  /** When the reader last pressed a key or moved a control, `performance.now()`. */
  began: number;
  /** Milliseconds of main-thread tasks above 50 ms, as the Long Tasks API tells them. */
  long: number[];
  /** Forward passes, as the worker says them (METER). */
  passes?: { ms: number; sessionMs: number }[];
}

/** Notes when the reader does something, and every long task. Give it to `addInitScript`. */
export const CLOCK = () => {
  const clock: Clock = Object.assign(globalThis, { began: 0, long: [] as number[] });
  for (const kind of ['keydown', 'input', 'click'])
    addEventListener(kind, () => (clock.began = performance.now()), { capture: true });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) clock.long.push(duration);
  }).observe({ entryTypes: ['longtask'] });
};

/** How long an answer took, and how much of that the forward passes took that it waited for, milliseconds. */
export interface Answered {
  readonly took: number;
  readonly passes: number;
}

/** Does something, and waits until what a cell shows (or another part of it) has other words. */
export async function answered(
  page: Page,
  cell: number,
  act: () => Promise<void>,
  part = '.shown',
): Promise<Answered> {
  await page.evaluate(
    ([n, part]) => {
      const clock = globalThis as unknown as Clock & { answer?: Promise<Answered> };
      const whole = document.querySelector(`[data-cell="${n}"]`);
      if (!whole) throw new Error(`there is no cell ${n}`);
      const words = () => whole.querySelector(part)?.textContent ?? '';
      const before = words();
      if (clock.passes) clock.passes.length = 0;
      clock.answer = new Promise<Answered>((resolve) => {
        const observer = new MutationObserver(() => {
          if (words() === before) return;
          observer.disconnect();
          const passes = clock.passes?.reduce((sum, { ms, sessionMs }) => sum + ms + sessionMs, 0) ?? 0;
          resolve({ took: performance.now() - clock.began, passes });
        });
        observer.observe(whole, { subtree: true, childList: true, characterData: true });
      });
    },
    [cell, part] as const,
  );
  await act();
  return page.evaluate(() => (globalThis as unknown as { answer: Promise<Answered> }).answer);
}

/** Moves the slider of a cell to a number, until another cell answers. */
export function slide(page: Page, slider: number, to: number, cell: number): Promise<Answered> {
  return answered(page, cell, () =>
    page.locator(`[data-cell="${slider}"] input[type="range"]`).evaluate((input, value) => {
      (input as HTMLInputElement).value = String(value);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }, to),
  );
}

/** Presses a patch size of the notebook's page, until a cell answers. */
export function choosePatch(page: Page, patch: number, cell: number): Promise<Answered> {
  const button = page.locator('.given label').getByText(String(patch), { exact: true });
  return answered(page, cell, () => button.click({ force: true }));
}

/** Types digits at the end of a cell that is a number; what each took until the cell showed the new one. */
export async function typed(page: Page, cell: number, digits: string): Promise<number[]> {
  const editor = page.locator(`[data-cell="${cell}"]`);
  await editor.locator('[data-editor]').hover();
  await editor.locator('.cm-content').click();
  await page.keyboard.press('ControlOrMeta+End');
  const took: number[] = [];
  for (const digit of digits) took.push((await answered(page, cell, () => page.keyboard.press(digit))).took);
  return took;
}

/** Longest task of the main thread while something is done, milliseconds; 0: none was above 50. */
export async function longest(page: Page, act: () => Promise<void>): Promise<number> {
  await page.evaluate(() => void ((globalThis as unknown as Clock).long.length = 0));
  await act();
  // Long tasks are told after they are over.
  await page.waitForTimeout(200);
  return page.evaluate(() => Math.max(0, ...(globalThis as unknown as Clock).long));
}

/** A number to be typed at; a slider and what depends on it; a field of the state; a tensor. */
export const ANSWERING: readonly string[] = [
  '1',
  'const n = view(Inputs.range([0, 100], { step: 1, value: 3 }))',
  'n * 2',
  'state.p * 10',
  "tensor('probs').max().toFixed(9)",
];

/** Cells over a tensor of six maps of 785 × 785, made of two blocks' of the page's model at patch size 8. */
export const LARGE_CELLS: readonly string[] = [
  "const [first, second] = [tensor('blocks.0.attn.probs'), tensor('blocks.1.attn.probs')]",
  `const six = (() => {
  const values = new Float32Array(first.size + second.size);
  values.set(first.values);
  values.set(second.values, first.size);
  return new Tensor([6, ...first.shape.slice(1)], values);
})()`,
  'six',
  'six.softmax(2, temperature)',
  'const temperature = 1',
  "six.shape.join(' × ')",
];
