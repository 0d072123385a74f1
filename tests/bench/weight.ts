import { gzipSync } from 'node:zlib';
import type { Page, Response } from 'playwright-core';

/** Bytes a lesson's page may cost before runtime and model. */
export const PAGE_LIMIT = 350_000;
/** The same of the notebook's page, with the sandbox in which its cells run and the editor of one. */
export const NOTEBOOK_LIMIT = 450_000;

/** Files of the runtime (its worker, onnxruntime), of models, and of signs, which are found by a model's answer: they come once the page stands. */
const LATER = /\/models\/|\/emoji\/|\/workers\/|\.wasm(\?|$)|\/ort[.-][^/]*\.mjs/;

const KINDS: Readonly<Record<string, string>> = {
  document: 'page',
  script: 'scripts',
  stylesheet: 'styles',
  font: 'fonts',
  image: 'pictures',
};

export interface File {
  readonly path: string;
  readonly kind: string;
  /** As a static host sends it: gzip where it helps. */
  readonly bytes: number;
}

async function gzipped(response: Response): Promise<number> {
  const body = await response.body().catch(() => undefined);
  // What a page read while it came, such as a picture that it decodes, is not kept by the browser's tools.
  if (!body) return (await response.request().sizes()).responseBodySize;
  return Math.min(body.length, gzipSync(body, { level: 9 }).length);
}

/**
 * Opens a page and weighs everything it asks for, runtime and models apart, until it has done what it is opened for and
 * its fonts are there. An empty cache is the caller's.
 */
async function weighUntil(
  page: Page,
  url: string,
  done: (soFar: () => number) => Promise<void>,
): Promise<File[]> {
  const files: Promise<File>[] = [];
  const weighed = (response: Response) => {
    const at = new URL(response.url());
    if (LATER.test(at.pathname) || !at.protocol.startsWith('http')) return;
    const kind = KINDS[response.request().resourceType()] ?? 'other';
    const file = gzipped(response).then((bytes) => ({ path: at.pathname, kind, bytes }));
    // A page that is closed while it is weighed fails its own test, below, and not the whole run.
    file.catch(() => {});
    files.push(file);
  };
  page.on('response', weighed);
  await page.goto(url);
  await done(() => files.length);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.waitForLoadState('networkidle');
  page.off('response', weighed);
  return Promise.all(files);
}

/**
 * Weighs everything that a lesson's page asks for by itself: until it listens and its model's weights have come, which
 * are asked for last.
 */
export async function weigh(page: Page, url: string): Promise<File[]> {
  let arrived = () => {};
  const weights = new Promise<void>((resolve) => (arrived = resolve));
  page.on('response', (response) => {
    if (/\/model[^/]*\.safetensors$/.test(response.url())) arrived();
  });
  return weighUntil(page, url, async () => {
    await page.locator('main[data-listens]').waitFor();
    // A lesson about noise alone runs no model.
    if ((await page.locator('meta[name="patchwork:model"]').count()) > 0) await weights;
  });
}

/** A page of cells by itself, until all of them are done; and all that a reader needs who then writes a cheap one. */
export async function weighNotebook(
  page: Page,
  url: string,
): Promise<{ readonly opened: File[]; readonly written: File[] }> {
  const first = page.locator('[data-cell="1"]');
  let before = 0;
  const written = await weighUntil(page, url, async (soFar) => {
    await page.locator('[data-cell][data-status="done"]').first().waitFor({ timeout: 120_000 });
    await page.waitForFunction(
      () => !document.querySelector('[data-status="waits"], [data-status="runs"]'),
      undefined,
      { timeout: 60_000 },
    );
    await page.waitForLoadState('networkidle');
    before = soFar();
    await first.locator('[data-editor]').hover();
    await first.locator('.cm-content').click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.insertText('6 * 7');
    await first.locator('.shown', { hasText: '42' }).waitFor();
  });
  return { opened: written.slice(0, before), written };
}

/** Bytes by kind, the heaviest first, and their sum. */
export function byKind(files: readonly File[]): { total: number; kinds: [string, number][] } {
  const sizes = new Map<string, number>();
  for (const { kind, bytes } of files) sizes.set(kind, (sizes.get(kind) ?? 0) + bytes);
  const kinds = [...sizes].sort((a, b) => b[1] - a[1]);
  return { total: kinds.reduce((sum, [, bytes]) => sum + bytes, 0), kinds };
}
