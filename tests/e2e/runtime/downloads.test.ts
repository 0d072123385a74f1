import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test, type FaultAnswer } from '../harness.ts';
import { assertSentence, engineStatus, faultShown, openWorkbench, settled } from './workbench.ts';

const WEIGHTS = /\/models\/vit-tiny\/model\.safetensors/;
const bytes = readFileSync('models/vit-tiny/model.safetensors');
const send =
  (body: Buffer): FaultAnswer =>
  (_request, response) =>
    response.writeHead(200, { 'content-length': body.length, 'cache-control': 'no-store' }).end(body);

const altered = Buffer.from(bytes);
altered[altered.length - 5]! ^= 1;

for (const [name, code, answer, quotes] of [
  ['is missing', 'model-missing', (_q, r) => r.writeHead(404).end(), ['model.safetensors', '404']],
  [
    'is truncated',
    'model-truncated',
    send(bytes.subarray(0, 40_000)),
    ['model.safetensors', '40 kB', '62 kB'],
  ],
  ['has another hash', 'model-hash', send(altered), ['model.safetensors', 'SHA-256']],
] as [string, string, FaultAnswer, string[]][]) {
  test(
    `the model file ${name}: a sentence in both languages, and retry repairs it`,
    async (ctx) => {
      ctx.allow(/404/);
      let broken = true;
      ctx.fault(WEIGHTS, (request, response) => (broken ? answer(request, response) : false));
      for (const lang of ['en', 'zh'] as const) {
        const page = await openWorkbench(ctx, { lang });
        assertSentence(await faultShown(page, code), lang, ...quotes);
        assert.equal(await page.locator('[data-live]').getAttribute('data-live'), 'failed');
        assert.match(await page.locator('tbody').innerText(), /logits\s+1×10/, 'shapes stay');
        if (lang === 'en') continue;
        broken = false;
        await page.getByRole('button', { name: 'retry' }).click();
        await settled(page);
        assert.equal(await page.locator('[data-fault]').count(), 0);
      }
    },
    { faults: true },
  );
}

test(
  'offline before the model came: a sentence, and it goes on by itself when the network is back',
  async (ctx) => {
    ctx.allow(/ERR_INTERNET_DISCONNECTED|Failed to load resource/);
    for (const lang of ['en', 'zh'] as const) {
      let cut = () => {};
      let calls = 0;
      ctx.fault(WEIGHTS, (_request, response) => {
        if (calls++ > 0) return false;
        response.writeHead(200, { 'content-length': bytes.length });
        response.write(bytes.subarray(0, 30_000));
        cut = () => response.destroy();
        return true;
      });
      // Two readers: the first one has the model in store at the end.
      const page = await openWorkbench(ctx, { lang, width: lang === 'zh' ? 1280 : 1440 });
      await page.waitForFunction(() => window.probe.live().progress?.loaded === 30_000);
      await ctx.context.setOffline(true);
      cut();
      assertSentence(await faultShown(page, 'offline', 50_000), lang, 'model.safetensors');
      await ctx.context.setOffline(false);
      await settled(page);
      assert.equal(await page.locator('[data-fault]').count(), 0);
    }
  },
  { ownContext: true, timeout: 150_000 },
);

test(
  'the description is missing or damaged: a sentence',
  async (ctx) => {
    ctx.allow(/404/);
    let body = '';
    ctx.fault(/vit-tiny\/config\.json/, (_q, response) => response.writeHead(body ? 200 : 404).end(body));
    const missing = await openWorkbench(ctx);
    assertSentence(await faultShown(missing, 'model-missing'), 'en', 'vit-tiny/config.json');
    body = '{ "schema": "patchwork-model/1", "name": 5 }';
    const damaged = await openWorkbench(ctx, { lang: 'zh' });
    assertSentence(await faultShown(damaged, 'config-invalid'), 'zh', 'vit-tiny/config.json', 'name');
  },
  { faults: true },
);

test(
  'the runtime cannot be downloaded: a sentence, and retry repairs it',
  async (ctx) => {
    ctx.allow(/404|Failed to load/);
    let broken = true;
    ctx.fault(/\.wasm$/, (_q, response) => (broken ? response.writeHead(404).end() : false));
    const page = await openWorkbench(ctx);
    assertSentence(await faultShown(page, 'runtime-download'), 'en', '.wasm');
    assert.equal((await engineStatus(page)).phase, 'failed');
    broken = false;
    await page.getByRole('button', { name: 'retry' }).click();
    await settled(page);
    assert.equal((await engineStatus(page)).phase, 'ready');
  },
  { ownContext: true },
);

test(
  'progress counts the bytes of runtime and weights, and cancel stops them',
  async (ctx) => {
    const seen: { loaded: number; total: number }[] = [];
    let open = () => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    ctx.fault(WEIGHTS, async (_request, response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 30_000));
      await gate;
      response.end(bytes.subarray(30_000));
    });
    const page = await openWorkbench(ctx);
    await page.waitForFunction(() => window.probe.engine.status.phase === 'ready');
    const progress = await page.evaluate(() => window.probe.live().progress);
    assert.deepEqual(progress && { ...progress }, { loaded: 30_000, total: bytes.length, fromCache: false });
    seen.push(progress!);
    await page.getByRole('button', { name: 'cancel' }).click();
    await page.waitForSelector('[data-live="idle"]');
    assert.equal(await page.locator('[data-fault]').count(), 0);
    open();
    await page.getByRole('button', { name: 'retry' }).click();
    await settled(page);
  },
  { faults: true },
);
