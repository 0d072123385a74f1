import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { test } from './harness.ts';
import { openInspector } from './inspector.ts';

const GRAPH = 'tests/fixtures/onnx/attention.onnx';
const PTH = 'tests/fixtures/weights/vit.pth';
const dialog = (page: Page, phase: string) => page.locator(`[data-own-dialog="${phase}"]`);

test(
  'own graph: an ONNX model is listed, its values and its attention are asked for, on both screens',
  async (ctx) => {
    const page = await openInspector(ctx, '?m=vit-tiny&device=wasm');
    await page.locator('[data-own-choose]').click();
    await page.locator('[data-own-files]').setInputFiles(GRAPH);
    await page.locator('[data-own-graph="attention.onnx"]').waitFor();
    assert.match((await page.locator('[data-own-graph]').textContent()) ?? '', /batch = 1/);
    // The attentions of its two blocks, over the picture.
    await page.locator('[data-own-maps="/blocks.0/Softmax_output_0"]').waitFor({ timeout: 60_000 });
    await page.locator('[data-own-maps] [data-from="tensor:/blocks.0/Softmax_output_0"]').first().waitFor();
    await page.locator('[data-own-attention]').selectOption('1');
    await page.locator('[data-own-maps="/blocks.1/Softmax_output_0"]').waitFor({ timeout: 60_000 });
    // Any value: found by its operator, with its shape once it was computed.
    await page.getByRole('radio', { name: 'Values', exact: true }).check({ force: true });
    await page.locator('[data-own-find]').fill('erf');
    await page.locator('[data-own-values] [data-value]').first().click();
    await page.locator('[data-own-value] canvas').first().waitFor({ timeout: 60_000 });
    assert.match((await page.locator('[data-own-values] code').first().textContent()) ?? '', /\[1, 17, 32\]/);
    await page.locator('[data-own-shapes]').click();
    await page.locator('[data-own-shapes]').waitFor({ state: 'detached', timeout: 60_000 });
    await page.setViewportSize({ width: 390, height: 844 });
    const wide = await page.locator('[data-own-dialog]').evaluate((d) => d.scrollWidth - d.clientWidth);
    assert.ok(wide <= 0, `the dialog is ${wide} px too wide`);
    assert.deepEqual(ctx.troubles, []);
  },
  { timeout: 120_000 },
);

test(
  'own graph: a model of the Hub is fetched when it is asked for; what cannot be fetched says why',
  async (ctx) => {
    ctx.allow(/huggingface\.co|Failed to load resource/);
    const page = await openInspector(ctx, '?m=vit-tiny&device=wasm');
    const asked: string[] = [];
    page.on('request', (r) => r.url().includes('huggingface') && asked.push(r.url()));
    const files: Readonly<Record<string, Buffer>> = {
      'config.json': Buffer.from(
        JSON.stringify({ num_attention_heads: 2, id2label: { 0: 'cat', 1: 'dog', 2: 'owl' } }),
      ),
      'pytorch_model.bin': readFileSync(PTH),
    };
    await page.route('https://huggingface.co/**', (route) => {
      const path = new URL(route.request().url()).pathname;
      const body = path.startsWith('/someone/tiny/resolve/main/')
        ? files[path.split('/').at(-1) ?? '']
        : undefined;
      const headers = { 'access-control-allow-origin': '*' };
      if (path.startsWith('/gated/')) return route.fulfill({ status: 401, headers });
      if (path.startsWith('/closed/')) return route.abort('failed');
      return body ? route.fulfill({ status: 200, headers, body }) : route.fulfill({ status: 404, headers });
    });
    await page.locator('[data-own-choose]').click();
    const field = page.locator('[data-own-address] input');
    const said = page.locator('[data-own-address] [role="alert"]');
    const fetchIt = async (name: string) => {
      await field.fill(name);
      await field.press('Enter');
    };
    await field.fill('someone/tiny');
    await page.waitForTimeout(300);
    assert.equal(asked.length, 0, 'nothing is asked before the reader presses');
    await fetchIt('https://example.org/model.safetensors');
    await said.filter({ hasText: /Hugging Face alone/ }).waitFor();
    await fetchIt('gated/one');
    await said.filter({ hasText: /not open to everybody/ }).waitFor();
    await fetchIt('closed/one');
    await said.filter({ hasText: /CORS/ }).waitFor();
    await fetchIt('someone/else');
    await said.filter({ hasText: /no model of this name/ }).waitFor();
    await fetchIt('someone/tiny');
    await dialog(page, 'examined').waitFor();
    assert.ok(asked.every((url) => url.startsWith('https://huggingface.co/')));
    assert.equal(await page.locator('[data-own-field="heads"]').getAttribute('data-origin'), 'told');
    await page.locator('[data-own-preview="shown"]').waitFor();
    await page.locator('[data-own-open]').click();
    const first = page.locator('[data-own-answer] li').first();
    await first.waitFor({ timeout: 60_000 });
    assert.match((await first.textContent()) ?? '', /cat|dog|owl/);
    assert.deepEqual(ctx.troubles, []);
  },
  { timeout: 120_000, ownContext: true },
);
