import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { tensorIs } from './inspector.ts';
import type { TensorToFollow } from './pages.ts';
import { standAt } from './visit.ts';

/** Least, most, mean and spread of the tensor on show, once they are there and nothing newer is on its way. */
async function statistics(page: Page, place: string): Promise<string> {
  const read = (selector: string) => {
    const figure = document.querySelector(`${selector} figure.tensor[aria-busy="false"]`);
    const text = (document.querySelector(selector)?.textContent ?? '').replace(/\s+/g, ' ');
    return (figure && /min\s*\S+\s*max\s*\S+\s*mean\s*\S+\s*std\s*\S+/.exec(text)?.[0]) ?? '';
  };
  for (let before = ''; ;) {
    await page.waitForFunction(read, place, { timeout: 120_000 });
    const now = await page.evaluate(read, place);
    if (now && now === before) return now;
    before = now;
    await page.waitForTimeout(1000);
  }
}

/** What the way from a tensor of a lesson is called. */
export const wayOf = ({ chip, query }: TensorToFollow): string => {
  const from = [chip, query].filter((part) => part !== undefined).join(', ');
  return `which tensor a number is from, in two clicks${from ? ` (${from})` : ''}`;
};

/** A newcomer's path on the open lesson: which tensor is this number from? */
export async function leadsToTheInspector(page: Page, { chip, query = '' }: TensorToFollow): Promise<void> {
  await standAt(page, query);
  const chips = page.locator('.strip [data-tensor]');
  await chips.first().waitFor();
  const names = await chips.evaluateAll((list) =>
    list.map((e) => ({
      name: e.getAttribute('data-tensor') ?? '',
      lit: e.matches('.lit, .current, [aria-current]'),
    })),
  );
  const name = chip ?? (names.find((c) => c.lit) ?? names[0])?.name ?? '';
  // A press on a strip that is just being made anew does nothing: it is repeated until it answers, and counts once.
  const drawer = page.locator(`[data-drawer="${name}"]`);
  for (let i = 0; i < 10 && (await drawer.count()) === 0; i++) {
    await page.locator(`.strip [data-tensor="${name}"]`).first().click();
    await drawer.waitFor({ timeout: 2000 }).catch(() => undefined);
  }
  // The run has come to the state that is asked for once the link names it.
  const step = /k=(\d+)/.exec(query)?.[1];
  if (step) await page.locator(`[data-inspect][href*="rk=${step}"]`).waitFor({ timeout: 120_000 });
  const shown = query ? await statistics(page, '[data-drawer]') : undefined;
  await page.locator('[data-inspect]').first().click();
  await page.waitForURL('**/en/inspector/**');
  await page.locator('[data-ready] [data-tensor-pane]').waitFor();
  await tensorIs(page, new URL(page.url()).searchParams.get('t') ?? name);
  if (shown) assert.equal(await statistics(page, '[data-tensor-pane]'), shown);
  assert.equal(
    await page.locator('[data-link-note]').count(),
    0,
    'the inspector knows what the lesson names',
  );
}
