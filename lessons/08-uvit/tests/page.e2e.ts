import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { Ablations } from '#lib/notebook/ablations/ablations.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { test, type TestContext } from '#tests/e2e/harness.ts';
import { chipIs, queryHas, slide } from '#tests/e2e/lesson.ts';

const LESSON = '/en/08-uvit/';
/** What lessons/08-uvit/tests/reference.py found for the lesson's first run. */
const golden = parseSafetensors(new Uint8Array(readFileSync('lessons/08-uvit/tests/golden.safetensors')));
const reference = (name: string) => [...golden.float32(name)];
const LONG = { timeout: 240_000 };
const WAIT = { timeout: 120_000 };

interface Config {
  readonly image: number;
  readonly patch: number;
  readonly dim: number;
  readonly depth: number;
  readonly heads: number;
}
const { config } = JSON.parse(readFileSync('models/uvit-cifar10/config.json', 'utf8')) as { config: Config };
const measured = JSON.parse(readFileSync('lessons/08-uvit/measured.json', 'utf8')) as {
  readonly changes: Readonly<Record<'time-held' | 'label-off', { readonly apart: number }>>;
};
const ablations = JSON.parse(readFileSync('models/ablations.json', 'utf8')) as Ablations;
const N = (config.image / config.patch) ** 2;
const T = N + 2;
const half = config.depth / 2;

/** Opens a view and waits until the intact run is finished. */
async function painted(ctx: TestContext, query: string, options = {}): Promise<Page> {
  const page = await ctx.page(options);
  await page.goto(ctx.url(`${LESSON}?v=1&${query}&device=wasm`));
  await page.locator('[data-run-line="done"]').waitFor({ state: 'attached', ...WAIT });
  return page;
}
const numbers = (text: string | null) =>
  [
    ...(text ?? '')
      .replace(/−/g, '-')
      .replace(/,(?=\d{3})/g, '')
      .matchAll(/-?\d+(\.\d+)?/g),
  ].map((m) => Number(m[0]));
async function number(page: Page, selector: string): Promise<number> {
  const place = page.locator(selector).first();
  await page.waitForFunction((s) => /\d/.test(document.querySelector(s)?.textContent ?? ''), selector, WAIT);
  return numbers(await place.textContent())[0]!;
}
/** Two numbers as far apart as a page's digits and half-precision weights allow. */
function near(got: number, want: number, what: string, part = 0.01, least = 0.006): void {
  assert.ok(
    Math.abs(got - want) <= Math.max(least, part * Math.abs(want)),
    `${what}: ${got}, PyTorch ${want}`,
  );
}
/** How far the two runs on show lie apart, once both are finished. */
async function apart(page: Page): Promise<number> {
  await page.locator('[data-pairs="done"]').waitFor({ state: 'attached', ...WAIT });
  return number(page, '[data-apart]');
}
async function choose(page: Page, name: string): Promise<void> {
  await page.getByRole('radio', { name, exact: true }).focus();
  await page.keyboard.press('Space');
}

test(
  'everything is a token: label, time, patches, with the rows PyTorch makes',
  async (ctx) => {
    const page = await painted(ctx, 's=tokens');
    await chipIs(page, 'patch_embed', [N, config.dim]);
    await chipIs(page, 'label_token', [1, config.dim]);
    await chipIs(page, 'time_token', [1, config.dim]);
    await chipIs(page, 'tokens', [T, config.dim]);
    await page.locator('[data-tokens="here"]').waitFor(WAIT);
    const [label, time, patch] = reference('lengths');
    near(await number(page, '[data-length="label"]'), label!, 'length of the label');
    near(await number(page, '[data-length="time"]'), time!, 'length of the time');
    near(await number(page, '[data-length="patch"]'), patch!, 'mean length of the patches');
    // Another step is another time; the label stays as it is.
    await slide(page, 'Step', 2);
    await queryHas(page, 'k=2');
    await page.waitForFunction(
      (old) => document.querySelector('[data-length="time"]')?.textContent !== old,
      time!.toFixed(2),
      WAIT,
    );
    near(await number(page, '[data-length="label"]'), label!, 'length of the label');
    // Another class, other noise: both are in the link, and the run is made anew.
    await page.getByLabel('Class').selectOption('1');
    await page.getByRole('button', { name: 'Another noise', exact: true }).click();
    await queryHas(page, 'seed=2');
    await page.locator('[data-run-line="done"]').waitFor(WAIT);
    assert.notEqual(await number(page, '[data-length="label"]'), Number(label!.toFixed(2)));
    await page.locator('.strip [data-tensor="tokens"]').click();
    await page.locator('[data-drawer="tokens"]').waitFor();
  },
  { ...LONG, motion: true },
);

test(
  'the clock is its formula; heads are measured over the whole run as in PyTorch',
  async (ctx) => {
    const page = await painted(ctx, 's=clock&view=time&k=8');
    await page.locator('[data-time="here"]').waitFor(WAIT);
    await page.locator('[data-time] [data-apart]').waitFor(WAIT);
    const off = Number(await page.locator('[data-time] [data-apart]').getAttribute('data-apart'));
    assert.ok(off < 2e-4, `the row is ${off} off its formula`);
    await page.getByRole('application', { name: /Every time/ }).focus();
    await page.keyboard.press('PageUp');
    // Ten rows of 129 up: the step whose time is nearest.
    const times = reference('times');
    const wish = 1 - (Math.round((1 - times[8]!) * 128) - 10) / 128;
    const gaps = times.map((t) => Math.abs(t - wish));
    await queryHas(page, `k=${gaps.indexOf(Math.min(...gaps))}`);

    await choose(page, 'Listen');
    await page.locator('[data-listen="done"]').waitFor(WAIT);
    const steps = reference('times').length;
    const blocks = config.depth + 1;
    const heard = reference('listen');
    /** Mean over the run of one head of block 0; −1 stands for no distance. */
    const mean = (measure: number, head: number) => {
      const all = Array.from(
        { length: steps },
        (_, k) => heard[((k * 5 + measure) * blocks + 0) * config.heads + head]!,
      ).filter((v) => v >= 0);
      return all.reduce((a, b) => a + b, 0) / all.length;
    };
    for (const [name, measure, scale] of [
      ['→ time', 0, 100],
      ['→ label', 1, 100],
      ['time →', 2, 100],
      ['label →', 3, 100],
      ['distance', 4, 1],
    ] as const) {
      await choose(page, name);
      for (let h = 0; h < config.heads; h++)
        near(
          await number(page, `[data-mean="${h}"]`),
          scale * mean(measure, h),
          `${name}, head ${h}`,
          0.02,
          0.02,
        );
    }
    await page.getByRole('application', { name: /One table per block/ }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await queryHas(page, 'b=1');

    await choose(page, 'Look');
    await page.locator('[data-look="here"]').waitFor(WAIT);
    const shares = async () => numbers(await page.locator('[data-row]').textContent());
    const [onTime = 0, onLabel = 0, onPatches = 0] = await shares();
    near(onTime + onLabel + onPatches, 100, 'a row sums to', 0.002, 0.2);
    await choose(page, 'the time');
    await queryHas(page, 'who=time');
    await page.waitForFunction(
      (old) => !document.querySelector('[data-row]')?.textContent?.includes(old),
      `${onPatches} %`,
      WAIT,
    );
  },
  LONG,
);

test(
  'long skips: their shapes, what they carry, and what cutting them does, as in PyTorch',
  async (ctx) => {
    const page = await painted(ctx, `s=cut&view=skips&g=${Array(half).fill('0').join('.')}`);
    assert.equal(await page.locator('[data-u] .across').count(), half);
    await chipIs(page, 'out_blocks.0.skip_cat', [T, 2 * config.dim]);
    await chipIs(page, 'out_blocks.0.skip_linear', [T, config.dim]);
    near(await apart(page), reference('apart.cut')[0]!, 'all skips cut');
    const carried = reference('share');
    for (let j = 0; j < half; j++)
      near(await number(page, `[data-share="${j}"]`), 100 * carried[j]!, `share of skip ${j}`, 0.01, 0.3);
    await page.getByRole('button', { name: 'Open all' }).click();
    await page.waitForFunction(() => !/[?&]g=0/.test(location.search));
    await page.waitForFunction(
      () => Number(document.querySelector('[data-apart]')?.textContent) < 1e-3,
      undefined,
      WAIT,
    );
    // One gate alone, half open.
    await slide(page, /Gate from in 0/, 50);
    await queryHas(page, 'g=');
    await page.waitForFunction(
      () => Number(document.querySelector('[data-pairs="done"] [data-apart]')?.textContent) > 1e-3,
      undefined,
      WAIT,
    );
    await page.locator('[data-u] [data-tensor="in_blocks.0"]').click();
    await page.locator('[data-drawer="in_blocks.0"]').waitFor();
  },
  LONG,
);

test(
  'what is broken in the running model is broken as in PyTorch',
  async (ctx) => {
    const page = await painted(ctx, 's=conv&view=change&fault=conv&left=0');
    const kinds = [
      ['conv', undefined],
      ['pos', 'positions'],
      ['time-off', 'no time'],
      ['label-off', 'no label'],
      ['label-swap', 'label swap'],
      ['time-held', 'time held'],
    ] as const;
    for (const [key, name] of kinds) {
      if (name) await choose(page, name);
      await page.locator(`[data-change="${key}"][data-fresh="true"]`).waitFor(WAIT);
      near(await apart(page), reference(`apart.${key}`)[0]!, key, 0.02, 0.004);
    }
    const before = await apart(page);
    await slide(page, /told t =/, 65);
    await queryHas(page, 'held=65');
    await page.waitForFunction(
      (old) => Number(document.querySelector('[data-pairs="done"] [data-apart]')?.textContent ?? old) !== old,
      before,
      WAIT,
    );
  },
  LONG,
);

test(
  'heads are cut and patches hidden by their switches, as in PyTorch',
  async (ctx) => {
    const page = await painted(ctx, 's=parts&view=change&fault=heads');
    // The first block, and the middle of the picture.
    for (let h = 0; h < config.heads; h++) await page.locator(`[data-head="0.${h}"]`).click();
    await queryHas(page, `cut=0.0`);
    await page.locator('[data-change="heads"][data-fresh="true"]').waitFor(WAIT);
    near(await apart(page), reference('apart.heads')[0]!, 'heads', 0.02, 0.004);
    await choose(page, 'patches');
    await page.getByRole('button', { name: 'The middle', exact: true }).click();
    await page.locator(`[data-hidden="${N / 4}"]`).waitFor();
    await page.locator('[data-change="patches"][data-fresh="true"]').waitFor(WAIT);
    near(await apart(page), reference('apart.patches')[0]!, 'patches', 0.02, 0.004);
    await page.getByRole('toolbar').getByRole('button').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator(`[data-hidden="${N / 4 + 1}"]`).waitFor();
  },
  LONG,
);

test('ways, costs and the U-Net are counted from graphs', async (ctx) => {
  const page = await ctx.page();
  await page.goto(ctx.url(`${LESSON}?v=1&s=ways&view=ways&device=wasm`));
  const extra = (way: string) => number(page, `[data-row="${way}"] [data-extra]`);
  const d = config.dim;
  assert.equal(await extra('concat'), half * (2 * d * d + d));
  assert.equal(await extra('project-add'), half * (d * d + d));
  assert.equal(await extra('add-project'), half * (d * d + d));
  assert.equal(await extra('add'), 0);
  await page.getByRole('button', { name: 'add, then project' }).click();
  await page.locator('[data-way="add-project"]').waitFor();
  await queryHas(page, 'way=add-project');

  // What our own runs came to, with their seeds; a way that was not trained has no number.
  for (const [way, id] of [
    ['concat', 'base'],
    ['none', 'skip-none'],
  ] as const) {
    const { loss } = ablations.variants.find((v) => v.id === id)!;
    const row = page.locator(`[data-row="${way}"]`);
    assert.equal(await row.locator('[data-loss]').innerText(), loss.mean.toFixed(4));
    await row.getByRole('button').click();
    await page.locator(`[data-way="${way}"]`).waitFor();
    const ends = [loss.min, loss.max].map((v) => v.toFixed(4)).join('–');
    await page.locator('[data-seeds] b', { hasText: ends }).waitFor();
  }
  for (const way of ['project-add', 'add-project'])
    if (!ablations.variants.some((v) => v.change['skip'] === way))
      assert.equal(await page.locator(`[data-row="${way}"] [data-loss]`).innerText(), '–');
  await page.locator('[data-said]').waitFor();

  await choose(page, 'Cost');
  for (const [axis, group] of [
    ['Depth', 'blocks'],
    ['Width D', 'width'],
    ['Patch', 'patch'],
  ] as const) {
    await choose(page, axis);
    const runs = ablations.variants.filter((v) => v.group === group).length;
    assert.equal(await page.locator(`[data-ablation="${runs + 1}"]`).count(), runs > 0 ? 1 : 0, axis);
  }
  // At the coarsest patch (the axis chosen last) a row is narrower than the patch has numbers.
  if (ablations.variants.some((v) => v.id === 'patch-8')) await page.locator('[data-narrow]').waitFor();
  await choose(page, 'Published');
  for (const [name, parameters, gmacs] of [
    ['U-ViT-S/2', 44.26, 12.2],
    ['U-ViT-M/4', 130.9, 35.2],
    ['U-ViT-L/2', 286.8, 76.5],
    ['U-ViT-H/2', 500.8, 133.2],
  ] as const) {
    const row = page.locator(`[data-published="${name}"]`);
    const count = async (what: string) =>
      Number(await row.locator(`[data-${what}]`).getAttribute(`data-${what}`));
    near((await count('parameters')) / 1e6, parameters, `${name}, parameters`, 0, 0.05);
    near((await count('macs')) / 1e9, gmacs, `${name}, multiply-adds`, 0, 0.05);
  }
  await choose(page, 'Curves and our runs');
  const tokens = () => number(page, '[data-stat="tokens"] b');
  await slide(page, 'Patch', 1); // the second of the stops: 2 pixels
  assert.equal(await tokens(), (config.image / 2) ** 2 + 2);
  await page.getByRole('slider', { name: 'Depth' }).fill('10');
  assert.equal(await number(page, '[data-stat="blocks"] b'), 11);
  await choose(page, 'Width D');
  await page.locator('[data-cost="width"]').waitFor();

  await choose(page, 'U-Net');
  await page.locator('[data-unet="4"]').waitFor();
  assert.equal(await number(page, '[data-count="unet-parameters"]'), 35.7);
});

test(
  'the lesson opens with four cars and a stopped clock; words of the prose set the stage',
  async (ctx) => {
    const page = await ctx.page();
    await page.goto(ctx.url(`${LESSON}?device=wasm`));
    await page.locator('[data-change="time-held"][data-fresh="true"]').waitFor(WAIT);
    near(await apart(page), measured.changes['time-held'].apart, 'time held', 0.03, 0.01);
    await page.getByRole('button', { name: 'no label', exact: true }).click();
    await queryHas(page, 'fault=label-off');
    await page.locator('[data-change="label-off"][data-fresh="true"]').waitFor(WAIT);
    near(await apart(page), measured.changes['label-off'].apart, 'no label', 0.03, 0.01);
    // The badge tells a pass of the run; tensors that are fetched beside it take a part of one.
    const badge = async () =>
      numbers(
        await page
          .getByText(/ms per pass/)
          .first()
          .textContent(),
      ).at(-1);
    const told = numbers(await page.locator('[data-run-line="done"]').textContent()).at(-1);
    assert.equal(await badge(), told);
    await choose(page, 'Look');
    await page.locator('[data-look="here"]').waitFor(WAIT);
    assert.equal(await badge(), told);

    const form = page.locator('[data-rank-cuts]');
    const rank = (cut: string, n: number) => form.locator(`[data-cut="${cut}"]`).selectOption(String(n));
    for (const [cut, n] of [
      ['label-off', 1],
      ['cut', 2],
      ['time-off', 3],
    ] as const)
      await rank(cut, n);
    await form.getByRole('button', { name: 'Check' }).click();
    await form.getByText('Without its label the model still paints').waitFor();
    for (const [cut, n] of [
      ['label-off', 3],
      ['cut', 1],
      ['time-off', 2],
    ] as const)
      await rank(cut, n);
    await form.getByRole('button', { name: 'Check' }).click();
    await form.locator('[data-verdict="right"]').waitFor();
  },
  LONG,
);

test('the five choices stand in one table, with our runs beside the paper', async (ctx) => {
  const page = await ctx.page();
  await page.goto(ctx.url(`${LESSON}?v=2&s=five&view=five&device=wasm`));
  await page.locator('[data-choice="positions"]').waitFor(WAIT);
  assert.equal(await page.locator('[data-choice]').count(), 5);
  const { loss } = ablations.variants.find((v) => v.id === 'skip-add')!;
  const text = await page.locator('[data-choice="skip"] [data-variant="skip-add"] b').innerText();
  assert.equal(text, `${loss.min.toFixed(4)}–${loss.max.toFixed(4)}`);
});

test('the exercise knows every shape from the graph', async (ctx) => {
  const page = await ctx.page();
  await page.goto(ctx.url(`${LESSON}?v=1&s=u&view=skips&device=wasm`));
  // The panel is there when the page's scripts run.
  await page.locator('[data-u]').waitFor(WAIT);
  const form = page.locator('[data-exercise]').first();
  await form.getByRole('textbox').nth(0).fill('257');
  await form.getByRole('textbox').nth(1).fill('768');
  await form.getByRole('button', { name: 'Check' }).click();
  await form.locator('[data-verdict="wrong"]').waitFor();
  await form.getByText('That is the width of one of the two').waitFor();
  await form.getByRole('textbox').nth(1).fill('1536');
  await form.getByRole('button', { name: 'Check' }).click();
  await form.locator('[data-verdict="wrong"]').waitFor();
  await form.getByRole('textbox').nth(0).fill('258');
  await form.getByRole('button', { name: 'Check' }).click();
  await form.getByText('258 tokens').waitFor();
});

test('the stage of a phone leaves the prose its room', async (ctx) => {
  const page = await ctx.page({ width: 390, height: 844, touch: true });
  await page.goto(ctx.url('/zh/08-uvit/'));
  await page.locator('[data-run-line]').waitFor({ state: 'attached' });
  for (const step of ['tokens', 'clock', 'listen', 'look', 'u', 'ways', 'conv', 'cost', 'unet']) {
    await page.evaluate((id) => document.getElementById(id)?.scrollIntoView({ behavior: 'instant' }), step);
    await page.locator(`[data-step="${step}"].on`).waitFor();
    const box = (await page.locator('.stage').boundingBox())!;
    assert.ok(box.height <= 0.45 * 844 + 1, `${step}: ${box.height} px`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
  }
});
