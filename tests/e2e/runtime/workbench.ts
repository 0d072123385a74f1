import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import type { checkInputs, Golden } from '#lib/live/golden.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { PROGRAM as SAMPLING } from '#lib/programs/sampling/program.ts';
import type { PageOptions, TestContext } from '../harness.ts';

/** What the workbench shows on `?probe`. */
export interface Probe {
  readonly engine: Engine;
  readonly LiveModel: typeof LiveModel;
  readonly SAMPLING: typeof SAMPLING;
  readonly Golden: typeof Golden;
  readonly checkInputs: typeof checkInputs;
  live(): LiveModel;
  modelFolder(name: string): string;
}
declare global {
  interface Window {
    probe: Probe;
  }
}

export interface WorkbenchOptions extends PageOptions {
  lang?: 'en' | 'zh';
  /** More of the query: `device=wasm`. */
  query?: string;
  /** Script that runs in the runtime's worker before anything else: a browser that lacks or breaks something. */
  inWorker?: string;
}

/** Makes the page start its workers with `code` first; their threads are left alone. */
function beforeWorkers(code: string): void {
  const Real = Worker;
  const blob = (text: string) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  window.Worker = class extends Real {
    constructor(url: string | URL, options?: WorkerOptions) {
      const real = new URL(url, location.href).href;
      super(blob(`import ${JSON.stringify(blob(code))}; import ${JSON.stringify(real)};`), options);
    }
  };
}

/** A page with the runtime's workbench on it. Nothing is loaded until a tensor is wanted, which the page does at once. */
export async function openWorkbench(ctx: TestContext, options: WorkbenchOptions = {}): Promise<Page> {
  const { lang = 'en', query = '', inWorker, ...rest } = options;
  const page = await ctx.page(rest);
  // tsx names functions with a helper that pages don't have.
  await page.addInitScript('globalThis.__name = (f) => f');
  if (inWorker !== undefined) await page.addInitScript(beforeWorkers, inWorker);
  await page.goto(ctx.url(`/${lang}/bench?probe&${query}`));
  await page.waitForFunction(() => 'probe' in window);
  return page;
}

/** Waits until the wanted tensors of the newest wish are shown. */
export async function settled(page: Page, timeout = 45_000): Promise<void> {
  await page.waitForSelector('[data-live="ready"][data-pending="false"]:not([data-generation="0"])', {
    timeout,
  });
}

/** Waits for a fault's sentence and gives it. */
export async function faultShown(page: Page, code: string, timeout = 45_000): Promise<string> {
  return page.locator(`[data-fault="${code}"]`).innerText({ timeout });
}

/** Asserts that a sentence is one: in its language, whole, with what it must quote. */
export function assertSentence(text: string, lang: 'en' | 'zh', ...quotes: string[]): void {
  if (lang === 'zh') assert.match(text, /[\u4e00-\u9fff]{6}.*。$/s, text);
  else assert.match(text, /^[A-Z].{30,}\.$/s, text);
  for (const quote of quotes) assert.ok(text.includes(quote), `“${text}” does not quote ${quote}`);
}

/** The engine's status, as the page has it. */
export function engineStatus(page: Page) {
  return page.evaluate(() => window.probe.engine.status);
}

/** max |Δ| to PyTorch of everything the page shows now, and how many tensors were compared. */
export function shownParity(page: Page) {
  return page.evaluate(async () => {
    const { live, Golden, modelFolder } = window.probe;
    const response = await fetch(`${modelFolder(live().name)}golden.safetensors`);
    const golden = new Golden(new Uint8Array(await response.arrayBuffer()));
    const { tensors, variant } = live();
    const off: string[] = [];
    let compared = 0;
    for (const name of tensors.names) {
      const result = golden.compare(variant.patch ?? 0, tensors.get(name)!);
      if (!result) continue;
      compared++;
      if (!result.within) off.push(`${name}: ${result.worst} of ${result.scale}`);
    }
    return { off, compared };
  });
}
