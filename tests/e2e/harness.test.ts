import assert from 'node:assert/strict';
import { test } from './harness.ts';

test('the server isolates pages, and an unknown address answers 404 with a page', async (ctx) => {
  const page = await ctx.page();
  ctx.allow(/404/);
  const answer = await page.goto(ctx.url('/no-such-page'));
  assert.equal(answer?.status(), 404);
  assert.equal(await page.evaluate(() => crossOriginIsolated), true);
});

test('parts of files can be asked for, and bytes have their types', async (ctx) => {
  const part = await fetch(ctx.url('/pictures/cat.webp'), { headers: { Range: 'bytes=8-11' } });
  assert.equal(part.status, 206);
  assert.equal(await part.text(), 'WEBP');
  const model = await fetch(ctx.url('/models/vit-tiny/config.json'));
  assert.match(model.headers.get('content-type') ?? '', /json/);
});

test('a fault answers in place of the server, and isolation can be switched off', async (ctx) => {
  ctx.fault(/pictures\.json$/, (_request, response) => void response.writeHead(503).end());
  ctx.isolate(false);
  const answer = await fetch(ctx.url('/pictures/pictures.json'));
  assert.equal(answer.status, 503);
  const other = await fetch(ctx.url('/pictures/cat.webp'));
  assert.equal(other.headers.get('cross-origin-embedder-policy'), null);
});

test('faults and headers are back after a test', async (ctx) => {
  const answer = await fetch(ctx.url('/pictures/pictures.json'));
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('cross-origin-embedder-policy'), 'require-corp');
});

test('an error on a page and a foreign request are noticed', async (ctx) => {
  const page = await ctx.page();
  await page.goto(ctx.url('/pictures/cat.webp'));
  await page.evaluate(() => {
    console.error('a broken figure');
    setTimeout(() => {
      throw new Error('thrown late');
    });
    return fetch('http://other.invalid/').catch(() => undefined);
  });
  await page.waitForTimeout(100);
  for (const expected of [
    /console: a broken figure/,
    /page error: .*thrown late/,
    /foreign request: http:\/\/other/,
  ])
    assert.ok(
      ctx.troubles.some((trouble) => expected.test(trouble)),
      `${expected} in ${ctx.troubles.join('; ')}`,
    );
  ctx.allow(/./);
  assert.deepEqual(ctx.troubles, []);
});
