import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, walk, type TestCase } from './harness.ts';
import { asked, countOf, lines, notPassed } from './results.ts';
import { longestFirst, nothingSpent, readHistory, summary, timed, writeHistory } from './times.ts';

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

test(
  'a fault answers in place of the server, and isolation can be switched off',
  async (ctx) => {
    ctx.fault(/pictures\.json$/, (_request, response) => void response.writeHead(503).end());
    ctx.isolate(false);
    const answer = await fetch(ctx.url('/pictures/pictures.json'));
    assert.equal(answer.status, 503);
    const other = await fetch(ctx.url('/pictures/cat.webp'));
    assert.equal(other.headers.get('cross-origin-embedder-policy'), null);
  },
  { ownContext: true },
);

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

test('lanes take the longest tests first: by the last run, else by the time a test is given', async () => {
  const waiting = [
    { title: 'known, short', test: { options: { timeout: 240_000 } } },
    { title: 'unknown', test: { options: {} } },
    { title: 'unknown, with time', test: { options: { timeout: 120_000 } } },
    { title: 'known, long', test: { options: {} } },
  ];
  const history = { 'known, short': 2, 'known, long': 90 };
  assert.deepEqual(
    longestFirst(waiting, history).map(({ title }) => title),
    ['known, long', 'unknown, with time', 'unknown', 'known, short'],
  );
});

test('seconds are kept from run to run, and a file that can’t be read is none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'patchwork-times-'));
  const path = join(folder, 'cache', 'seconds.json');
  assert.deepEqual(readHistory(path), {});
  writeHistory(new Map([['a', { ...nothingSpent(), all: 1234 }]]), path);
  writeHistory(new Map([['b', { ...nothingSpent(), all: 50 }]]), path);
  assert.deepEqual(readHistory(path), { a: 1.2, b: 0.1 });
  rmSync(folder, { recursive: true });
});

test('the summary names the slowest tests and says where the time went', async () => {
  const spent = nothingSpent();
  await timed(spent, 'all', () => timed(spent, 'loading', () => new Promise((done) => setTimeout(done, 30))));
  assert.ok(spent.loading > 25 && spent.all >= spent.loading && spent.opening === 0, JSON.stringify(spent));
  const times = new Map([
    ['quick', { opening: 100, loading: 200, closing: 0, all: 1000, processor: 0 }],
    ['slow', { opening: 1000, loading: 2000, closing: 500, all: 21_000, processor: 0 }],
  ]);
  const [head, first, ...rest] = summary(times, 1);
  assert.match(head!, /The 1 slowest of 2 tests/);
  assert.match(first!, /21 s {2}slow/);
  assert.match(
    rest.join(),
    /^22 s in all .* opened 1\.1 s, .* loaded 2\.2 s, closed 0\.5 s, .* waiting 18 s$/,
  );
});

test('of a walk each test counts by itself: what it did not come to, and all where a page had an error, has not passed', async () => {
  const body: TestCase['body'] = async () => undefined;
  const named = {
    title: 'parity: on webgpu',
    test: { name: 'on webgpu', body, options: {}, parts: ['a', 'b'] },
  };
  assert.equal(countOf(named), 2);
  assert.deepEqual(asked(named, ['PARITY', ': b'])?.test.parts, ['b']);
  assert.deepEqual(asked(named, ['wasm|: a'])?.test.parts, ['a']);
  assert.equal(asked(named, ['wasm']), undefined);
  const good = (name: string) => ({ name, ms: 1000, problem: undefined });
  const bad = { ...good('b'), problem: 'off' };
  const left = (problem: string | undefined, held: readonly (typeof bad | ReturnType<typeof good>)[]) =>
    notPassed(named, { problem, held })?.test.parts;
  assert.equal(left(undefined, [good('a'), good('b')]), undefined);
  assert.deepEqual(left(undefined, [good('a'), bad]), ['b']);
  assert.deepEqual(left('not done after 60 s', [good('a')]), ['b']);
  assert.deepEqual(left('page error', [good('a'), good('b')]), ['a', 'b']);
  const spent = { all: 3000, processor: 0 };
  assert.deepEqual(lines(named, { problem: undefined, held: [good('a'), bad] }, 'not ok', spent), [
    'ok parity: on webgpu: a (1.0 s)',
    'not ok parity: on webgpu: b (1.0 s)\n    off',
  ]);
});

walk('a walk', ['holds its tests', 'goes on after each'], async (ctx) => {
  const page = await ctx.page();
  await ctx.part('holds its tests', async () => {
    await page.goto(ctx.url('/pictures/cat.webp'));
    assert.equal(await page.locator('img').count(), 1);
  });
  await ctx.part('goes on after each', async () => assert.ok(page.url().endsWith('cat.webp')));
});
