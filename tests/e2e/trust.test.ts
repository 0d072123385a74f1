import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { test } from './harness.ts';
import { openInspector, values } from './inspector.ts';

const root = new URL('../../models/', import.meta.url);

async function check(page: Page, timeout = 60_000): Promise<'good' | 'bad'> {
  await page.locator('[data-trust] summary').click();
  await page.locator('[data-trust] [data-check]').click();
  const verdict = page.locator('[data-trust="good"], [data-trust="bad"]');
  await verdict.waitFor({ timeout });
  return (await verdict.getAttribute('data-trust')) as 'good' | 'bad';
}

/** The references of a model, of which one value is off. */
function spoilt(model: string, tensor: string): Buffer {
  const bytes = Buffer.from(readFileSync(new URL(`${model}/golden.safetensors`, root)));
  const entry = parseSafetensors(new Uint8Array(bytes)).get(tensor);
  assert.ok(entry && entry.dtype === 'F32', tensor);
  bytes.writeFloatLE(bytes.readFloatLE(entry.offset) + 10, entry.offset);
  return bytes;
}

for (const [model, tensor] of [
  ['vit-tiny', 'blocks.1.attn.probs'],
  ['uvit-tiny', 'mid_block.attn.probs'],
  ['dit-tiny', 'blocks.0.adaLN_modulation'],
  ['mae-tiny', 'decoder_blocks.0.attn.probs'],
  ['swin-tiny', 'layers.0.blocks.1.attn.masked'],
  ['swin-linear-tiny', 'layers.0.blocks.0.attn.kv'],
] as const) {
  test(
    `${model}: the badge holds the page’s tensors to PyTorch’s when it is pressed, and names the worst`,
    async (ctx) => {
      const page = await openInspector(ctx, `?m=${model}&t=${tensor}&device=wasm`);
      assert.equal(await check(page), 'good');
      const line = (await page.locator('[data-result="within"]').first().textContent()) ?? '';
      assert.match(line, /Against PyTorch\s*[2-9] tensors, [\d,]+ values compared/);
      assert.match(line, /largest \|Δ\|\s+[\d.e−-]+\s+in\s+[\w.]+,\s+allowed/);
      assert.match((await page.locator('[data-trust]').textContent()) ?? '', /WASM/);
    },
    { timeout: 90_000 },
  );
}

test(
  'a value that is off turns the badge red, and names its tensor',
  async (ctx) => {
    const page = await openInspector(ctx, '?m=vit-tiny&p=8&t=blocks.1.attn.probs&device=wasm');
    const body = spoilt('vit-tiny', 'p8/blocks.1.attn.probs');
    await page.route('**/vit-tiny/golden.safetensors', (route) => route.fulfill({ body }));
    assert.equal(await check(page), 'bad');
    const line = page.locator('[data-result="off"]');
    assert.match((await line.textContent()) ?? '', /blocks\.1\.attn\.probs/);
    const red = await line.evaluate((e) => getComputedStyle(e).backgroundColor);
    const plain = await page
      .locator('[data-trust] .panel')
      .evaluate((e) => getComputedStyle(e).backgroundColor);
    assert.notEqual(red, plain);
    assert.match((await page.locator('[data-trust] [role="alert"]').textContent()) ?? '', /Do not rely/);
  },
  { timeout: 90_000 },
);

test(
  'WebGPU and WASM agree on a tiny model; a GPU that is off is left for WASM',
  async (ctx) => {
    const page = await openInspector(ctx, '?m=vit-tiny&t=blocks.1.attn.probs&p=8', undefined, {
      webgpu: true,
    });
    await page.locator('[data-device="webgpu"]').waitFor({ timeout: 120_000 });
    await values(page).waitFor({ timeout: 60_000 });
    assert.equal(await check(page, 120_000), 'good');
    const lines = await page.locator('[data-result="within"]').allTextContents();
    assert.equal(lines.length, 2);
    assert.match(lines[1] ?? '', /WebGPU against WASM/);

    const body = spoilt('vit-tiny', 'p8/blocks.1.attn.probs');
    await page.route('**/vit-tiny/golden.safetensors', (route) => route.fulfill({ body }));
    await page.locator('[data-trust] [data-check]').click();
    await page.locator('[data-trust="bad"]').waitFor({ timeout: 120_000 });
    await page.locator('[data-device="wasm"]').waitFor({ timeout: 60_000 });
    assert.match((await page.locator('[data-trust] [role="alert"]').textContent()) ?? '', /now runs on WASM/);
  },
  { timeout: 300_000, webgpu: true },
);

test('every lesson has the badge', async (ctx) => {
  const lessons = readdirSync(new URL('../../lessons/', import.meta.url)).filter((name) =>
    /^\d\d-/.test(name),
  );
  assert.ok(lessons.length >= 5);
  const page = await ctx.page();
  for (const slug of lessons) {
    await page.goto(ctx.url(`/en/${slug}/`));
    await page.locator('article [data-trust]').waitFor({ timeout: 10_000 });
  }
});
