import { gzipSync } from 'node:zlib';
import type { Page, Response } from 'playwright-core';

/** Bytes a lesson's page may cost before runtime and model. */
export const PAGE_LIMIT = 350_000;

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
  return body ? Math.min(body.length, gzipSync(body, { level: 9 }).length) : 0;
}

/**
 * Opens a lesson and weighs everything its page asks for by itself, runtime and model apart: until the page listens,
 * its fonts are there and its model's weights have come, which are asked for last. An empty cache is the caller's.
 */
export async function weigh(page: Page, url: string): Promise<File[]> {
  const files: Promise<File>[] = [];
  page.on('response', (response) => {
    const at = new URL(response.url());
    if (LATER.test(at.pathname) || !at.protocol.startsWith('http')) return;
    const kind = KINDS[response.request().resourceType()] ?? 'other';
    files.push(gzipped(response).then((bytes) => ({ path: at.pathname, kind, bytes })));
  });
  let arrived = () => {};
  const weights = new Promise<void>((resolve) => (arrived = resolve));
  page.on('response', (response) => {
    if (/\/model[^/]*\.safetensors$/.test(response.url())) arrived();
  });
  await page.goto(url);
  await page.locator('main[data-listens]').waitFor();
  // A lesson about noise alone runs no model.
  if ((await page.locator('meta[name="patchwork:model"]').count()) > 0) await weights;
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.waitForLoadState('networkidle');
  return Promise.all(files);
}

/** Bytes by kind, the heaviest first, and their sum. */
export function byKind(files: readonly File[]): { total: number; kinds: [string, number][] } {
  const sizes = new Map<string, number>();
  for (const { kind, bytes } of files) sizes.set(kind, (sizes.get(kind) ?? 0) + bytes);
  const kinds = [...sizes].sort((a, b) => b[1] - a[1]);
  return { total: kinds.reduce((sum, [, bytes]) => sum + bytes, 0), kinds };
}
