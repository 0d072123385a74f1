import assert from 'node:assert/strict';
import { test } from '../harness.ts';
import {
  assertSentence,
  engineStatus,
  faultShown,
  openWorkbench,
  settled,
  shownParity,
} from './workbench.ts';

const NO_WEBGPU = `Object.defineProperty(navigator, 'gpu', { value: undefined })`;
const REFUSING = `Object.defineProperty(navigator, 'gpu', { value: { requestAdapter: async () => null } })`;

for (const [name, reason, inWorker, webgpu] of [
  ['no WebGPU', 'no-webgpu', NO_WEBGPU, false],
  ['the adapter is refused', 'adapter-refused', REFUSING, false],
  [
    'the adapter grants no device',
    'self-check-failed',
    `GPUAdapter.prototype.requestDevice = async () => { throw new Error('no device today'); }`,
    true,
  ],
  [
    'the GPU computes wrong numbers',
    'self-check-failed',
    `GPUComputePassEncoder.prototype.dispatchWorkgroups = () => {}`,
    true,
  ],
] as const) {
  test(`${name}: WASM answers, and the page says why in both languages`, async (ctx) => {
    ctx.allow(/no device today|requestDevice|WebGPU/);
    for (const lang of ['en', 'zh'] as const) {
      const page = await openWorkbench(ctx, { lang, inWorker, webgpu });
      await settled(page);
      const status = await engineStatus(page);
      assert.equal(status.device, 'wasm');
      assert.equal(status.reason, reason);
      assertSentence(await page.locator(`[data-reason="${reason}"]`).innerText(), lang, 'GPU');
      assert.deepEqual((await shownParity(page)).off, []);
    }
  });
}

test(
  'WebGPU is used where its numbers are right',
  async (ctx) => {
    const page = await openWorkbench(ctx, { webgpu: true });
    await settled(page);
    const status = await engineStatus(page);
    assert.equal(status.device, 'webgpu');
    assert.equal(status.reason, 'webgpu-works');
    assert.equal(status.build, 'jspi');
    assert.ok(status.selfCheck! < 1e-4);
    assert.equal(status.adapter?.software, true);
  },
  { webgpu: true },
);

test(
  'the address chooses WASM, the button keeps the choice',
  async (ctx) => {
    const page = await openWorkbench(ctx, { webgpu: true, query: 'device=wasm' });
    await settled(page);
    assert.equal((await engineStatus(page)).reason, 'chosen-by-reader');
    await page.getByRole('button', { name: 'WebGPU', exact: true }).click();
    await page.waitForSelector('[data-device="webgpu"]');
    await page.getByRole('button', { name: 'WASM', exact: true }).click();
    await page.waitForSelector('[data-device="wasm"]');
    await page.goto(ctx.url('/en/bench?probe'));
    await page.waitForSelector('[data-reason="chosen-by-reader"]');
  },
  { webgpu: true },
);

const ours = (requests: readonly string[]) => requests.filter((r) => /\.wasm$/.test(r));

test(
  'one build of the runtime is downloaded, once; it computes with all cores',
  async (ctx) => {
    const page = await openWorkbench(ctx);
    await settled(page);
    assert.equal(
      (await engineStatus(page)).threads,
      await page.evaluate(() => Math.min(4, navigator.hardwareConcurrency)),
    );
    assert.equal(ours(ctx.requests).length, 1);
    assert.doesNotMatch(ours(ctx.requests)[0]!, /jspi|asyncify/, 'no adapter, so the plain build');
    const scripts = new Set(ctx.requests.filter((r) => /\/ort\.[\w.-]+\.mjs$/.test(r)));
    assert.equal(scripts.size, 1);
    await page.reload();
    await settled(page);
    assert.equal(ours(ctx.requests).length, 1, 'the second visit downloads nothing');
  },
  { ownContext: true },
);

test(
  'without JSPI: asyncify where there is WebGPU, the plain build where there is none',
  async (ctx) => {
    const noJspi = 'delete WebAssembly.Suspending';
    const gpu = await openWorkbench(ctx, { webgpu: true, inWorker: noJspi });
    await settled(gpu);
    assert.equal((await engineStatus(gpu)).build, 'asyncify');
    assert.equal((await engineStatus(gpu)).device, 'webgpu');
    assert.deepEqual((await shownParity(gpu)).off, []);
    const plain = await openWorkbench(ctx, { inWorker: `${noJspi}; ${NO_WEBGPU}` });
    await settled(plain);
    assert.equal((await engineStatus(plain)).build, 'wasm');
    assert.deepEqual((await shownParity(plain)).off, []);
    assert.equal(ours(ctx.requests).length, 2);
  },
  { webgpu: true },
);

test(
  'a host without isolation headers: one thread',
  async (ctx) => {
    ctx.isolate(false);
    const page = await openWorkbench(ctx);
    assert.equal(await page.evaluate(() => crossOriginIsolated), false);
    await settled(page);
    assert.equal((await engineStatus(page)).threads, 1);
    assert.deepEqual((await shownParity(page)).off, []);
  },
  { ownContext: true },
);

test(
  'a host without isolation headers: the service worker adds them, after one reload',
  async (ctx) => {
    ctx.isolate(false);
    const page = await ctx.page({ serviceWorkers: true });
    let loads = 0;
    page.on('load', () => loads++);
    await page.goto(ctx.url('/en/bench?probe'));
    await page.waitForFunction(() => crossOriginIsolated && 'probe' in window);
    await settled(page);
    assert.equal(loads, 2);
    const threads = await page.evaluate(() => window.probe.engine.status.threads);
    assert.equal(threads, await page.evaluate(() => Math.min(4, navigator.hardwareConcurrency)));
    assert.deepEqual((await shownParity(page)).off, []);
    // Everything is kept now: page, runtime and model come without a network. (The reference file is not; zeros do.)
    ctx.allow(/ERR_INTERNET_DISCONNECTED/);
    await ctx.context.setOffline(true);
    await page.reload();
    await page.waitForSelector('[data-live="ready"]');
    await page.evaluate(() => void (window.probe.live().inputs = { x: new Float32Array(3 * 32 * 32) }));
    await settled(page);
    assert.equal(await page.evaluate(() => window.probe.live().tensors.get('logits')?.data.length), 10);
  },
  { ownContext: true },
);

test('WASM memory refused: a sentence, and the shapes stay', async (ctx) => {
  const inWorker = `WebAssembly.Memory = function () { throw new RangeError('WebAssembly.Memory(): could not allocate memory'); }`;
  for (const lang of ['en', 'zh'] as const) {
    const page = await openWorkbench(ctx, { lang, inWorker });
    assertSentence(await faultShown(page, 'wasm-memory'), lang, 'could not allocate memory');
    assert.equal((await engineStatus(page)).phase, 'failed');
    assert.match(await page.locator('tbody').innerText(), /logits\s+1×10/);
  }
});
