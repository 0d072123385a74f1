import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Download, Page } from 'playwright-core';
import { parseSafetensors } from '../../src/lib/weights/safetensors.ts';
import { test, type TestContext } from './harness.ts';
import { openLesson } from './lesson.ts';
import { untracedNumerals } from './numerals.ts';

/** Opens the inspector and waits until its panes answer. */
async function open(ctx: TestContext, query = '', path = '/en/inspector/', options = {}): Promise<Page> {
  const page = await ctx.page(options);
  await page.goto(ctx.url(path + query));
  await page.locator('[data-ready] [data-tensor-pane]').waitFor();
  return page;
}
const tensorIs = (page: Page, name: string) => page.locator(`[data-tensor-pane="${name}"]`).waitFor();
const values = (page: Page) => page.locator('[data-tensor-pane] [data-from^="tensor:"] canvas').first();

async function downloaded(page: Page, press: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download') as Promise<Download>, press()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

test('shapes of ViT-L open at once, say that they are shapes only, and every number has its origin', async (ctx) => {
  const page = await open(ctx, '?m=vit-l-16');
  await page.locator('[data-live="preset"]').waitFor();
  assert.equal(await page.locator('.left [data-silence]').count(), 1);
  assert.equal(await page.locator('.middle [data-silence]').count(), 1);
  assert.equal(await page.locator('.right [data-silence]').count(), 1);
  assert.deepEqual(await untracedNumerals(page), []);
  assert.ok(
    !ctx.requests.some((r) => /model\.safetensors|\.wasm$/.test(r)),
    'no runtime and no weights are fetched',
  );
});

test('the outline is searched by shape and walked by keyboard alone', async (ctx) => {
  const page = await open(ctx, '?m=vit-b-16');
  await page.keyboard.press('/');
  await page.keyboard.type('softmax 12x197x197');
  const rows = page.locator('[role="treeitem"]');
  await page.waitForFunction(() => document.querySelectorAll('[role="treeitem"]').length === 12);
  assert.equal(await rows.first().locator('.name').textContent(), 'blocks.0.attn.probs');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await tensorIs(page, 'blocks.1.attn.probs');
  await page.waitForFunction(() => location.search.includes('t=blocks.1.attn.probs'));
  await page.keyboard.press('/');
  await page.keyboard.press('Escape');
  await page.locator('[data-row="t:blocks.1.attn.probs"]').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.locator('[data-row="b:blocks.1"][aria-expanded="false"]').waitFor();
});

test('outline and drawing are one: a block opened here is open there', async (ctx) => {
  const page = await open(ctx, '?m=vit-ti-16&t=tokens');
  await page.locator('[data-box="blocks.0"]').focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-row="b:blocks.0"][aria-expanded="true"]').waitFor();
  await page.locator('[data-box="blocks.0.attn.q"]').focus();
  await page.keyboard.press('Enter');
  await tensorIs(page, 'blocks.0.attn.q');
});

test('a configuration that cannot be is explained at its slider, and the shapes stay', async (ctx) => {
  const page = await open(ctx, '?m=vit-b-16&c=heads:7');
  await page.locator('[data-menu="config"] summary').click();
  const why = page.locator('[data-illegal="heads"]');
  await why.waitFor();
  assert.match((await why.textContent()) ?? '', /width 768 does not divide into 7 heads/);
  assert.match((await page.locator('[data-tensor-pane]').textContent()) ?? '', /197/);
  const page2 = await open(ctx, '?m=vit-b-16&c=patch:1~image:1000');
  await page2.locator('[data-menu="config"] summary').click();
  assert.match((await page2.locator('[data-illegal]').textContent()) ?? '', /1,000,000 patches/);
});

test('costs are those of the paper', async (ctx) => {
  const page = await open(ctx, '?m=vit-b-16&view=cost');
  assert.equal(await page.locator('[data-total="parameters"]').getAttribute('title'), '86,567,656');
});

test(
  'a live tensor: values, the cell’s origin, pins, a second run, exports that read back',
  async (ctx) => {
    const page = await open(
      ctx,
      '?m=vit-tiny&t=blocks.0.attn.probs&device=wasm&b=heads&bcut=0.0&pins=tokens',
    );
    await values(page).waitFor({ timeout: 60_000 });
    await page.locator('[data-pinned="tokens"] canvas').first().waitFor();

    await values(page).click();
    await page.locator('[data-origin] [data-operand="blocks.0.attn.scores"]').waitFor();
    await page.locator('[data-origin] [data-operand="blocks.0.attn.scores"]').click();
    await tensorIs(page, 'blocks.0.attn.scores');

    await page.getByRole('radio', { name: 'Difference' }).check({ force: true });
    await page.locator('[data-row="t:blocks.0.attn.out"]').click();
    await tensorIs(page, 'blocks.0.attn.out');
    await values(page).waitFor({ timeout: 30_000 });

    await page.locator('[data-menu="export"] summary').click();
    const tensors = await downloaded(page, () => page.locator('[data-take="safetensors"]').click());
    const file = parseSafetensors(new Uint8Array(tensors.bytes), tensors.name);
    assert.deepEqual([...file.names()].sort(), ['blocks.0.attn.out', 'tokens']);
    assert.ok(file.float32('tokens').every(Number.isFinite));

    const csv = await downloaded(page, () => page.locator('[data-take="csv"]').click());
    assert.match(csv.bytes.toString(), /^name,kind,shape,dims,op,bytes,macs,parameters\r\n/);
    const onnx = await downloaded(page, () => page.locator('[data-take="onnx"]').click());
    assert.ok(onnx.name.endsWith('.onnx') && onnx.bytes.length > 60_000, `${onnx.bytes.length} bytes`);
    await page.keyboard.press('Escape');
    const script = await downloaded(page, () => page.locator('[data-take="py"]').click());
    assert.match(script.bytes.toString(), /load_file\("model.safetensors"\)/);
    const inputs = await downloaded(page, () => page.locator('[data-take="inputs"]').click());
    assert.ok(parseSafetensors(new Uint8Array(inputs.bytes), inputs.name).names().includes('expected'));
  },
  { timeout: 150_000 },
);

test(
  'the badge checks the page’s tensors against PyTorch when it is pressed',
  async (ctx) => {
    const page = await open(ctx, '?m=vit-tiny&t=blocks.1.attn.probs&device=wasm');
    await page.locator('[data-trust] summary').click();
    await page.locator('[data-trust] [data-check]').click();
    await page.locator('[data-trust="good"]').waitFor({ timeout: 60_000 });
    assert.match((await page.locator('[data-result="within"]').first().textContent()) ?? '', /largest \|Δ\|/);
  },
  { timeout: 90_000 },
);

test('which tensor is this number from: from a lesson in two clicks', async (ctx) => {
  const page = await openLesson(ctx, '/en/01-patches/');
  await page.locator('.strip [data-tensor="tokens"]').first().click();
  await page.locator('[data-inspect="tokens"]').click();
  await tensorIs(page, 'tokens');
});

test('a link with what cannot be opens, and says so', async (ctx) => {
  const page = await open(ctx, '?m=nothing-like-it&pins=a~b~c~d~e', '/zh/inspector/');
  await page.locator('[data-link-note]').waitFor();
  assert.equal(await page.locator('[data-link-note] [role="status"]').count(), 2);
});
