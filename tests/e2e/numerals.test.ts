import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { test, type TestContext } from './harness.ts';
import { untracedNumerals, visibleNumerals } from './numerals.ts';
import { lessonsToTest, type LessonToTest } from './pages.ts';

const READY = () => {
  const line = document.querySelector('[data-model-line]');
  return !line || line.getAttribute('data-model-line') === 'ready';
};

/** Numerals on the page as it stands that do not say where they come from. */
const untraced = async (page: Page): Promise<string[]> =>
  (await untracedNumerals(page)).map(({ text, where }) => `${text}  ←  ${where}`);

/** The same once the page has come, and its model has answered. */
async function untracedAt(page: Page, url: string): Promise<string[]> {
  await page.goto(url, { waitUntil: 'networkidle', timeout: 60_000 });
  await page.waitForFunction(READY);
  return untraced(page);
}

/** Half seconds after which a computation that the page lets its reader stop is stopped. */
const PATIENCE = 12;

/**
 * Waits until nothing is fetched and no number of the page has changed for half a second, and `done` holds. What goes on
 * for longer than a few seconds is stopped, as a reader may: its numbers stand on the page by then.
 */
async function cameToRest(page: Page, done: () => boolean): Promise<void> {
  let fetched = 0;
  let rounds = 0;
  const count = () => fetched++;
  page.on('request', count);
  page.on('requestfinished', count);
  try {
    for (let before = ''; ;) {
      const now = JSON.stringify([fetched, await page.evaluate(done), await visibleNumerals(page)]);
      if (now === before && (await page.evaluate(done))) return;
      before = now;
      const stop = page.locator('.stage').getByRole('button', { name: 'Stop', exact: true });
      if (++rounds > PATIENCE && (await stop.count()) > 0) await stop.last().click();
      await page.waitForTimeout(500);
    }
  } finally {
    page.off('request', count);
    page.off('requestfinished', count);
  }
}

/** Looks at every view of a lesson: the first one by its address, the others by their tabs, as a reader does. */
async function eachView(
  { slug, tabs, queries }: LessonToTest,
  ctx: TestContext,
  done: () => boolean,
  look: (page: Page, view: string) => Promise<void>,
): Promise<void> {
  const page = await ctx.page();
  for (const [i, query] of queries.entries()) {
    await page.goto(ctx.url(`/en/${slug}/?v=1&${query}`), { waitUntil: 'networkidle', timeout: 60_000 });
    await page.waitForFunction(done);
    await look(page, query);
    for (const tab of i === 0 ? tabs.slice(1) : []) {
      await page.getByRole('radio', { name: tab, exact: true }).first().check({ force: true });
      await cameToRest(page, done);
      await look(page, tab);
    }
  }
}

for (const path of ['/en/', '/zh/', '/zh/01-patches/'])
  test(`every number on ${path} says where it comes from`, async (ctx) => {
    assert.deepEqual(await untracedAt(await ctx.page(), ctx.url(path)), []);
  });

// One page a lesson: the model is fetched, and its session made, once.
for (const lesson of await lessonsToTest()) {
  const views = Math.max(1, lesson.tabs.length);
  test(
    `every number on /en/${lesson.slug}/, in each of ${views} views, says where it comes from`,
    (ctx) =>
      eachView(lesson, ctx, READY, async (page, view) => assert.deepEqual(await untraced(page), [], view)),
    { timeout: 180_000 },
  );
  test(
    `without the model, no number on /en/${lesson.slug}/ claims to come from a tensor`,
    async (ctx) => {
      ctx.fault(/\/models\/.*\.safetensors/, (_request, response) => void response.writeHead(404).end());
      ctx.allow(/404/);
      await eachView(
        lesson,
        ctx,
        () => true,
        async (page, view) => {
          const claims = (await visibleNumerals(page)).filter(({ from }) => from?.startsWith('tensor:'));
          assert.deepEqual(claims, [], view);
        },
      );
    },
    { faults: true, timeout: 180_000 },
  );
}

test('every lesson is among those whose numbers are traced', async () => {
  assert.deepEqual(
    (await lessonsToTest()).map(({ slug }) => slug),
    readdirSync('lessons').sort(),
  );
});

/** The five likeliest answers as the command line computes them: class name and percent. */
function answersOf(picture: string, patch: number): [string, number][] {
  const args = [
    'run',
    'models/vit-flexi',
    '--image',
    `static/pictures/${picture}.webp`,
    '--patch',
    `${patch}`,
  ];
  const done = spawnSync(process.execPath, ['bin/patchwork.js', ...args, '--json'], { encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr);
  const { images } = JSON.parse(done.stdout) as { images: { top5: { class: string; p: number }[] }[] };
  const { labels } = JSON.parse(readFileSync('models/vit-flexi/config.json', 'utf8')) as {
    labels: { id: string; en: string }[];
  };
  return images[0]!.top5.map((t) => [labels.find(({ id }) => id === t.class)!.en, 100 * t.p]);
}

for (const [picture, patch] of [
  ['golden-retriever', 16],
  ['sunflower', 32],
] as const)
  test(
    `the answer on screen is the model's: ${picture} at ${patch}`,
    async (ctx) => {
      const expected = answersOf(picture, patch);
      const page = await ctx.page();
      await page.goto(ctx.url(`/en/01-patches/?v=1&view=answer&p=${patch}&pic=${picture}&device=wasm`));
      const rows = page.locator('[data-from="tensor:probs"] ol li');
      await rows.filter({ hasText: '%' }).nth(4).waitFor({ timeout: 90_000 });
      const shown = await rows.evaluateAll((items) => items.map((item) => item.textContent.trim()));
      assert.equal(shown.length, expected.length);
      for (const [i, [name, percent]] of expected.entries()) {
        // Chromium and libwebp decode a picture to bytes that differ by one here and there.
        const found = shown.find((text) => text.startsWith(name));
        assert.ok(found, `${name} (number ${i + 1}) is not among ${shown.join(' · ')}`);
        assert.ok(
          Math.abs(parseFloat(found.slice(name.length)) - percent) < 0.5,
          `${found}, expected ${percent} %`,
        );
      }
    },
    { timeout: 120_000 },
  );

test('nothing that is drawn comes from a random generator without a seed', async () => {
  const guilty = ['src', 'lessons']
    .flatMap((root) =>
      readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => join(root, name)),
    )
    .filter((path) => /\.(ts|js|svelte)$/.test(path) && !/\.test\.ts$/.test(path))
    // An exercise may draw its next question by lot, a quiz its next round's seed.
    .filter((path) => !/(Predict\w*|Quiz)\.svelte$/.test(path))
    .filter((path) => /Math\.random|getRandomValues/.test(readFileSync(path, 'utf8')));
  assert.deepEqual(guilty, []);
});
