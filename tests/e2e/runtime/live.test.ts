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

test(
  '30 s of frantic slider moves: the last position is shown, nothing stale ever, memory bounded',
  async (ctx) => {
    const page = await openWorkbench(ctx, { query: 'device=wasm' });
    await page.getByLabel('tensors', { exact: true }).selectOption('attention');
    await page.getByLabel('model', { exact: true }).selectOption('vit-flexi');
    await settled(page, 60_000);
    const cdp = await ctx.context.newCDPSession(page);
    const bytes = async () => {
      await cdp.send('HeapProfiler.collectGarbage');
      const usage = (await cdp.send('Runtime.getHeapUsage')) as {
        usedSize: number;
        backingStorageSize?: number;
      };
      return usage.usedSize + (usage.backingStorageSize ?? 0);
    };
    const before = await bytes();
    const moved = await page.evaluate(async () => {
      const { live } = window.probe;
      const model = live();
      const { tensors } = model;
      const sizes = [8, 14, 16, 28, 32];
      const show = tensors.show.bind(tensors);
      let wishes = tensors.generation;
      let stale = 0;
      let shown = 0;
      let mixed = 0;
      tensors.show = (generation, list) => {
        shown++;
        if (generation !== wishes) stale++;
        show(generation, list);
      };
      const end = performance.now() + 30_000;
      let random = 7;
      while (performance.now() < end) {
        random = (random * 1103515245 + 12345) % 2147483648;
        const patch = sizes[random % sizes.length]!;
        if (patch !== model.variant.patch) wishes++;
        model.variant = { patch };
        const widths = new Set(tensors.names.map((name) => tensors.get(name)?.shape.at(-1)));
        if (widths.size > 1) mixed++;
        // Mostly faster than any forward pass; now and then slow enough that one gets through.
        await new Promise((resolve) => setTimeout(resolve, random % 97 === 0 ? 900 : 8));
      }
      if (model.variant.patch !== 16) wishes++;
      model.variant = { patch: 16 };
      return { wishes, stale, shown, mixed };
    });
    await settled(page, 60_000);
    assert.ok(moved.wishes > 100, `only ${moved.wishes} moves`);
    assert.equal(moved.stale, 0);
    assert.equal(moved.mixed, 0);
    const shapes = await page.evaluate(() => {
      const { tensors } = window.probe.live();
      return tensors.names.map((name) => tensors.get(name)!.shape.join('×'));
    });
    assert.deepEqual([...new Set(shapes)], ['3×197×197']);
    const parity = await shownParity(page);
    assert.deepEqual(parity.off, []);
    assert.equal(parity.compared, 12);
    const stats = await page.evaluate(() => window.probe.engine.stats());
    assert.ok(stats!.sessionBytes <= 600e6, `${stats!.sessionBytes} bytes of sessions`);
    assert.ok(stats!.queued <= 1, `${stats!.queued} requests queued`);
    const grown = (await bytes()) - before;
    assert.ok(grown < 64e6, `the page grew by ${grown} bytes`);
  },
  { ownContext: true, timeout: 240_000 },
);

test(
  'the GPU is lost: a sentence, the screen stays, WebGPU again, then WASM',
  async (ctx) => {
    const inWorker = `
    const request = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (...a) {
      const device = await request.apply(this, a);
      new BroadcastChannel('lose').onmessage = () => device.destroy();
      return device;
    };`;
    for (const lang of ['en', 'zh'] as const) {
      const page = await openWorkbench(ctx, { webgpu: true, lang, inWorker });
      await settled(page);
      const sentences = await page.evaluate(() => {
        const seen: string[] = [];
        new MutationObserver(() => {
          const text = document.querySelector('[data-fault="device-lost"]')?.textContent;
          if (text && !seen.includes(text)) seen.push(text);
        }).observe(document.body, { subtree: true, childList: true, characterData: true });
        Object.assign(window, { seen });
        return seen;
      });
      assert.deepEqual(sentences, []);
      const lose = () => page.evaluate(() => new BroadcastChannel('lose').postMessage(0));
      await lose();
      await page.waitForFunction(() => window.probe.engine.status.phase === 'loading');
      assert.equal(
        await page.evaluate(() => window.probe.live().tensors.names.length),
        2,
        'the old tensors stay',
      );
      await page.waitForFunction(() => window.probe.engine.status.phase === 'ready');
      assert.deepEqual(
        [(await engineStatus(page)).device, (await engineStatus(page)).reason],
        ['webgpu', 'device-lost'],
      );
      const [said] = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
      assertSentence(said ?? '', lang, 'GPU');
      await page.getByRole('button', { name: '8', exact: true }).click();
      await page.waitForSelector(
        '[data-generation="3"][data-pending="false"], [data-generation="2"][data-pending="false"]',
      );
      await settled(page);
      assert.deepEqual((await shownParity(page)).off, []);
      // Lost while a request is under way: it is sent again to the next device.
      await page.getByRole('button', { name: '16', exact: true }).click();
      await lose();
      await page.waitForSelector('[data-device="wasm"]');
      assertSentence(await page.locator('[data-reason="device-lost"]').innerText(), lang, 'WASM');
      await settled(page);
      const parity = await shownParity(page);
      assert.deepEqual(parity.off, []);
      assert.ok(parity.compared > 0);
    }
  },
  { timeout: 120_000, webgpu: true },
);

test('a run that cannot be done says so and does not stop the next', async (ctx) => {
  const page = await openWorkbench(ctx, { query: 'device=wasm' });
  await settled(page);
  await page.evaluate(() => void (window.probe.live().inputs = { x: new Float32Array(5) }));
  const sentence = await faultShown(page, 'run-failed');
  assertSentence(sentence, 'en', '5 values, not [1, 3, 32, 32]');
  await page.evaluate(() => void (window.probe.live().inputs = { x: new Float32Array(3 * 32 * 32) }));
  await settled(page);
  assert.equal(await page.locator('[data-fault]').count(), 0);
});
