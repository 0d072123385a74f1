import { readFileSync } from 'node:fs';
import type { Download, Page } from 'playwright-core';
import type { PageOptions, TestContext } from './harness.ts';

/** Opens the inspector and waits until its panes answer. */
export async function openInspector(
  ctx: TestContext,
  query = '',
  path = '/en/inspector/',
  options: PageOptions = {},
): Promise<Page> {
  const page = await ctx.page(options);
  await page.goto(ctx.url(path + query));
  await page.locator('[data-ready] [data-tensor-pane]').waitFor();
  return page;
}

/** Waits until this tensor, or part of one, is the open one. */
export const tensorIs = (page: Page, name: string) =>
  page.locator(`[data-tensor-pane="${name}"]`).waitFor({ timeout: 30_000 });

/** The picture of the open tensor's values. */
export const values = (page: Page) =>
  page.locator('[data-tensor-pane] [data-from^="tensor:"] canvas').first();

/** Presses something and gives the file the page then saves. */
export async function downloaded(
  page: Page,
  press: () => Promise<void>,
): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download') as Promise<Download>, press()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}
