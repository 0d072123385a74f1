import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from './harness.ts';
import { holdsOrigins } from './numerals.ts';
import { lessonsToTest } from './pages.ts';

/** Each lesson's own numbers are traced on the walk of its tests (lessons.test.ts). */
for (const path of ['/en/', '/zh/', '/zh/01-patches/'])
  test(`every number on ${path} says where it comes from`, async (ctx) => {
    const page = await ctx.page();
    await page.goto(ctx.url(path));
    await holdsOrigins(page, path);
  });

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
