import type { Page } from 'playwright-core';
import { linkOf } from '#lib/cells/share/link.ts';
import type { PageOptions, TestContext } from './harness.ts';

/** Opens the notebook's page with these cells, by a link, and lets them run unless it is told not to. */
export async function openCells(
  ctx: TestContext,
  cells: readonly string[],
  run = true,
  { lang = 'en', ...options }: PageOptions & { readonly lang?: 'en' | 'zh' } = {},
): Promise<Page> {
  const page = await ctx.page(options);
  await page.goto(`${ctx.url(`/${lang}/notebook/?device=wasm`)}#${await linkOf({ title: 'A test', cells })}`);
  await page.locator('[data-foreign="link"]').waitFor();
  if (run) await page.locator('[data-do="trust"]').click();
  return page;
}

/** Opens a notebook of the gallery from the notebook's page; it runs as it is opened. */
export async function openGallery(ctx: TestContext, id: string): Promise<Page> {
  const page = await ctx.page();
  await page.goto(ctx.url('/en/notebook/?device=wasm'));
  await page.locator('[data-gallery] summary').click();
  await page.locator(`[data-open="${id}"]`).click();
  await page.locator('[data-notebook][data-running]').waitFor();
  return page;
}

export const cellAt = (page: Page, n: number) => page.locator(`[data-cell="${n}"]`);

/** Waits until a cell stands so. */
export async function stands(page: Page, n: number, status: string, timeout = 30_000): Promise<void> {
  await page.locator(`[data-cell="${n}"][data-status="${status}"]`).waitFor({ timeout });
}
/** What a cell shows once it is done. */
export async function shows(page: Page, n: number): Promise<string> {
  await stands(page, n, 'done');
  return (await cellAt(page, n).locator('.shown').innerText()).trim();
}
/** Waits until a cell shows a text. */
export async function showsText(page: Page, n: number, text: string): Promise<void> {
  await cellAt(page, n).locator('.shown', { hasText: text }).waitFor({ timeout: 30_000 });
}
/** What is said to be wrong with a cell, and of which kind it is. */
export async function fault(page: Page, n: number): Promise<{ kind: string | null; text: string }> {
  const box = cellAt(page, n).locator('[data-fault]');
  await box.waitFor({ timeout: 30_000 });
  return { kind: await box.getAttribute('data-fault'), text: await box.innerText() };
}
/** The code of a cell is text until the reader comes to it; this lets its editor be there. */
export async function openEditor(page: Page, n: number): Promise<void> {
  await cellAt(page, n).locator('[data-editor]').hover();
  await cellAt(page, n).locator('.cm-content').waitFor();
}
/** Writes other code into a cell, with the keyboard. */
export async function write(page: Page, n: number, code: string): Promise<void> {
  await openEditor(page, n);
  await cellAt(page, n).locator('.cm-content').click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(code);
}
