import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from './harness.ts';
import { untracedNumerals, visibleNumerals } from './numerals.ts';

const LESSON = '/en/01-patches/';
/** The lessons with each of their panels open. */
const VIEWS = [
  ...['patch', 'dot', 'cost', 'answer', 'sizes'].map((view) => `${LESSON}?v=1&view=${view}`),
  ...['filters', 'cls', 'positions', 'order', 'ladder'].map((view) => `/en/02-tokens/?v=1&view=${view}`),
  ...['heads', 'matrix', 'cell', 'far', 'compare', 'break', 'cost'].map(
    (view) => `/en/03-attention/?v=1&view=${view}`,
  ),
  ...['block', 'work', 'norm', 'gelu', 'depth', 'skip', 'order', 'maps'].map(
    (view) => `/en/04-block/?v=1&view=${view}&follow=1`,
  ),
  ...['path', 'logit', 'soft', 'lens', 'map', 'wrote', 'cut', 'sizes', 'cnn', 'kin', 'data'].map(
    (view) => `/en/05-answer/?v=1&view=${view}`,
  ),
  ...['mix', 'strip', 'values', 'chain', 'walk', 'schedules', 'back'].map(
    (view) => `/en/06-noise/?v=1&view=${view}`,
  ),
  ...['tokens', 'time', 'listen', 'look', 'skips', 'ways', 'change', 'cost', 'unet'].map(
    (view) => `/en/08-uvit/?v=1&view=${view}`,
  ),
  ...['run', 'few', 'guide', 'picture', 'paint', 'between', 'toy'].map(
    (view) => `/en/07-denoise/?v=1&view=${view}&n=5`,
  ),
  ...['pair', 'same', 'ada', 'told', 'ways', 'family', 'build'].map((view) => `/en/09-dit/?v=1&view=${view}`),
  '/en/02-tokens/?v=1&view=filters&show=twice',
  '/en/02-tokens/?v=1&view=cls&read=mean',
];

for (const path of ['/en/', '/zh/', '/zh/01-patches/', ...VIEWS])
  test(`every number on ${path} says where it comes from`, async (ctx) => {
    const page = await ctx.page();
    await page.goto(ctx.url(path), { waitUntil: 'networkidle' });
    const untraced = await untracedNumerals(page);
    assert.deepEqual(
      untraced.map(({ text, where }) => `${text}  ←  ${where}`),
      [],
    );
  });

test(
  'without the model, no number claims to come from a tensor',
  async (ctx) => {
    ctx.fault(/\/models\/.*\.safetensors/, (_request, response) => void response.writeHead(404).end());
    ctx.allow(/404/);
    for (const path of VIEWS) {
      const page = await ctx.page();
      await page.goto(ctx.url(path), { waitUntil: 'networkidle' });
      const claims = (await visibleNumerals(page)).filter(({ from }) => from?.startsWith('tensor:'));
      assert.deepEqual(claims, [], path);
      await page.close();
    }
  },
  { timeout: 300_000 },
);

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
      await page.goto(ctx.url(`${LESSON}?v=1&view=answer&p=${patch}&pic=${picture}&device=wasm`));
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
