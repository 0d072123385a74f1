import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { test } from '#tests/e2e/harness.ts';
import { answered, chip, chipIs, openLesson, queryHas, slide } from '#tests/e2e/lesson.ts';

const LESSON = '/en/01-patches/';

test(
  'dragging the patch size moves every shape, with and without the model',
  async (ctx) => {
    const page = await openLesson(ctx, LESSON);
    await chipIs(page, 'x', [3, 224, 224]);
    for (const [p, N] of [
      [16, 196],
      [8, 784],
      [32, 49],
      [30, 49],
      [64, 9],
      [4, 3136],
    ] as const) {
      await slide(page, 'Patch size', p);
      await chipIs(page, 'patches', [N, 3 * p * p]);
      await chipIs(page, 'patch_embed', [N, 192]);
      await chipIs(page, 'tokens', [N + 1, 192]);
    }
    await queryHas(page, 'p=4');
  },
  { motion: true },
);

test(
  'sizes that the model does not answer say why, and the reader may insist',
  async (ctx) => {
    const page = await openLesson(ctx, `${LESSON}?device=wasm`);
    const line = page.locator('[data-model-line]');
    await slide(page, 'Patch size', 30);
    await page.locator('[data-model-line="remainder"]').waitFor();
    assert.match((await line.textContent())!, /30 does not divide 224: 14 pixels/);
    await slide(page, 'Patch size', 4);
    await page.locator('[data-model-line="too-many"]').waitFor();
    assert.match((await line.textContent())!, /3,137 tokens/);
    await slide(page, 'Patch size', 56);
    await page.locator('[data-model-line="untrained"]').waitFor();
    await page.getByRole('button', { name: 'Run it anyway' }).click();
    await answered(page);
    await page.getByText('Not a size it was trained for').waitFor();
    await queryHas(page, 'force=1');
  },
  { timeout: 120_000 },
);

test(
  'the projection by hand equals the command line’s tensor',
  async (ctx) => {
    const folder = mkdtempSync(join(tmpdir(), 'patchwork-lesson-'));
    const out = join(folder, 'embed.safetensors');
    const args = [
      'run',
      'models/vit-flexi',
      '--image',
      'static/pictures/golden-retriever.webp',
      '--patch',
      '32',
    ];
    const done = spawnSync(
      process.execPath,
      ['bin/patchwork.js', ...args, '--tensors', 'patch_embed', '--out', out],
      { encoding: 'utf8' },
    );
    assert.equal(done.status, 0, done.stderr);
    const file = parseSafetensors(new Uint8Array(readFileSync(out)));
    const name = file.names().find((n) => n.endsWith('patch_embed'))!;
    const embed = file.float32(name);
    rmSync(folder, { recursive: true });

    // Row 2, column 3 of the 7 × 7 grid: patch 17.
    for (const feature of [0, 191]) {
      const page = await openLesson(ctx, `${LESSON}?v=1&p=32&view=dot&at=80.112&k=${feature}&device=wasm`);
      /** The number under a heading of the figure. */
      const shown = async (heading: string | RegExp) => {
        const term = page.locator('.dot dt', { hasText: heading }).first();
        await term.waitFor({ timeout: 90_000 });
        const text = await term.locator('xpath=following-sibling::dd').textContent();
        return Number(text!.trim().replace('−', '-'));
      };
      const own = await shown('in the tensor');
      const cell = await shown('patch_embed[');
      const sum = await shown(/^sum of 3,072 products$/);
      const bias = await shown('bias');
      const expected = embed[17 * 192 + feature]!;
      // Chromium and libwebp decode a picture to bytes that differ by one here and there.
      assert.ok(Math.abs(own - expected) < 5e-3 * (1 + Math.abs(expected)), `${own}, expected ${expected}`);
      assert.ok(Math.abs(cell - own) < 1e-4, `${cell} by hand, ${own} in the tensor`);
      assert.ok(Math.abs(sum + bias - cell) < 1e-4);
      await page.close();
    }
  },
  { timeout: 150_000 },
);

test(
  'the projection stands on the page with the first bytes of the weights, and stays when the others are there',
  async (ctx) => {
    const bytes = readFileSync('models/vit-flexi/model.safetensors');
    let goOn = () => {};
    ctx.fault(/\/models\/vit-flexi\/model\.safetensors/, (_request, response) => {
      response.writeHead(200, { 'content-length': bytes.length, 'cache-control': 'no-store' });
      response.write(bytes.subarray(0, 320_000));
      goOn = () => response.end(bytes.subarray(320_000));
      return true;
    });
    const page = await openLesson(ctx, `${LESSON}?v=1&view=dot&p=16&k=5&device=wasm`);
    const own = page
      .locator('.dot dt', { hasText: 'in the tensor' })
      .locator('xpath=following-sibling::dd[1]');
    await own.filter({ hasText: /\d/ }).waitFor();
    const first = Number((await own.textContent())!.trim().replace('−', '-'));
    assert.notEqual(await page.locator('[data-model-line]').getAttribute('data-model-line'), 'ready');
    goOn();
    await answered(page);
    await own.filter({ hasText: /\d/ }).waitFor();
    const whole = Number((await own.textContent())!.trim().replace('−', '-'));
    assert.ok(Math.abs(first - whole) <= 1e-5 * (1 + Math.abs(whole)), `${first}, then ${whole}`);
  },
  { faults: true, timeout: 120_000 },
);

test('steps set the stage, the reader takes over and goes back', async (ctx) => {
  const page = await openLesson(ctx, LESSON);
  await page.locator('[data-step="rest"]').scrollIntoViewIfNeeded();
  await page.evaluate(() => document.getElementById('rest')?.scrollIntoView({ behavior: 'instant' }));
  await page.locator('[data-step="rest"].on').waitFor();
  await chipIs(page, 'patches', [49, 2700]);
  const back = page.locator('[data-back]');
  assert.ok(await back.isDisabled());
  await slide(page, 'Patch size', 32);
  await page.locator('[data-back]:not([disabled])').click();
  await chipIs(page, 'patches', [49, 2700]);
  await page.keyboard.press('n');
  await page.locator('[data-step="patch"].on').waitFor();
  await chipIs(page, 'patches', [196, 768]);
  await queryHas(page, 's=patch');
});

test('a link opens the same view; a broken one opens too and says what it could not use', async (ctx) => {
  const page = await openLesson(ctx, `${LESSON}?v=1&p=28&pic=sunflower&view=sizes&size=h&grid=rows&s=sizes`);
  await chipIs(page, 'patches', [64, 2352]);
  assert.equal(await page.locator('[data-step].on').getAttribute('data-step'), 'sizes');
  assert.ok(await page.getByRole('radio', { name: 'ViT-H' }).isChecked());
  assert.ok(await page.getByRole('radio', { name: 'Rows' }).isChecked());
  await page.getByText('Sunflower').first().waitFor();

  await page.goto(ctx.url(`${LESSON}?v=1&p=999&pic=nothing&view=cost&zzz=1&s=nowhere`));
  const note = page.locator('[data-link-note]');
  await note.getByText(/p = “999”/).waitFor();
  await note.getByText(/pic = “nothing”/).waitFor();
  assert.ok(await page.getByRole('radio', { name: 'Cost' }).isChecked());
  await chipIs(page, 'patches', [196, 768]);
});

test('the language switch keeps place and state', async (ctx) => {
  const page = await openLesson(ctx, `${LESSON}?v=1&p=8&order=rcc&s=order`);
  await page.locator('[data-step="order"].on').waitFor();
  const before = await page.locator('[data-step="order"]').evaluate((e) => e.getBoundingClientRect().top);
  await page.locator('.stage [data-language="zh"]').click();
  await page.waitForURL('**/zh/01-patches/**');
  await page.getByRole('heading', { name: '按什么次序排列？' }).waitFor();
  assert.deepEqual(await chip(page, 'patches'), [784, 192]);
  assert.match(page.url(), /p=8/);
  assert.match(page.url(), /order=rcc/);
  const top = await page.locator('[data-step="order"]').evaluate((e) => e.getBoundingClientRect().top);
  assert.ok(Math.abs(top - before) < 3, `the step lay ${before} px down the window, now ${top}`);
});

test('every control answers to the keyboard alone', async (ctx) => {
  const page = await openLesson(ctx, LESSON);
  const press = async (name: string) => {
    const radio = page.getByRole('radio', { name, exact: true });
    await radio.focus();
    await page.keyboard.press('Space');
    assert.ok(await radio.isChecked(), name);
  };
  for (const name of ['Apart', 'Rows', 'Whole', 'Projection', 'Cost', 'Answer', 'Sizes']) await press(name);
  for (const name of ['ViT-Ti', 'ViT-L', 'ViT-H', 'ViT-B']) await press(name);
  await press('Patch');
  for (const name of ['row, col, channel', 'normalised', 'G']) await press(name);
  await queryHas(page, 'order=rcc');
  await page.getByRole('application', { name: /cut into/ }).focus();
  await page.keyboard.press('ArrowDown');
  await queryHas(page, 'at=');
  const slider = page.getByRole('slider', { name: 'Patch size' });
  await slider.focus();
  await page.keyboard.press('PageUp');
  await chipIs(page, 'patches', [64, 2352]);
  await page.locator('[data-tensor="patches"]').first().focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-drawer="patches"]').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('[data-drawer]').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-tensor')), 'patches');
});

test(
  'the drawer shows the picture’s tensors before any model is there',
  async (ctx) => {
    ctx.fault(/\/models\/.*\.safetensors/, () => undefined);
    const page = await openLesson(ctx, LESSON);
    await page.locator('[data-tensor="patches"]').first().click();
    const drawer = page.locator('[data-drawer="patches"]');
    await drawer.getByText('It needs no model.').waitFor();
    await drawer.getByText('150,528').first().waitFor();
    await page.goto('about:blank');
  },
  { faults: true },
);

test('the exercise knows the answer from the graph', async (ctx) => {
  const page = await openLesson(ctx, LESSON);
  const form = page.locator('[data-exercise]').first();
  const [n, p] = [form.getByRole('textbox').nth(0), form.getByRole('textbox').nth(1)];
  await form.getByRole('button', { name: 'Check' }).click();
  await form.locator('[data-verdict="empty"]').waitFor();
  await n.fill('24');
  await p.fill('768');
  await form.getByRole('button', { name: 'Check' }).click();
  // 24 patches lie along one side: the mistake is named.
  await form.locator('[data-verdict="wrong"] [data-mistake]').getByText('two sides').waitFor();
  await n.fill('576');
  await form.getByRole('button', { name: 'Check' }).click();
  await form.getByText('24 × 24 = 576 rows').waitFor();
  for (let i = 0; i < 5; i++) {
    await form.getByRole('button', { name: 'Another one' }).click();
    const question = (await form.locator('.question').textContent())!;
    const [image, patch] = [.../of (\d+) × \d+ pixels, patch size (\d+)/.exec(question)!]
      .slice(1)
      .map(Number);
    await n.fill(String(Math.floor(image! / patch!) ** 2));
    await p.fill(String(3 * patch! * patch!));
    await form.getByRole('button', { name: 'Check' }).click();
    await form.locator('[data-verdict="right"]').waitFor();
  }
});

test('the stage of a phone leaves the prose its room and shows the cut picture with its slider', async (ctx) => {
  const page = await openLesson(ctx, LESSON, { width: 390, height: 844, touch: true });
  for (const step of ['cut', 'patch', 'project', 'cost', 'answer', 'sizes']) {
    await page.evaluate((id) => document.getElementById(id)?.scrollIntoView({ behavior: 'instant' }), step);
    await page.locator(`[data-step="${step}"].on`).waitFor();
    const box = (await page.locator('.stage').boundingBox())!;
    assert.ok(box.height <= 0.45 * 844, `${step}: ${box.height} px`);
    assert.ok(await page.getByRole('slider', { name: 'Patch size' }).isVisible());
  }
  await page.evaluate(() => document.getElementById('cut')?.scrollIntoView({ behavior: 'instant' }));
  await page.locator('[data-step="cut"].on').waitFor();
  assert.ok((await page.getByRole('application', { name: /cut into/ }).boundingBox())!.width > 180);
  await page.getByRole('button', { name: 'Show the details' }).click();
  await page.getByRole('application', { name: /cut into/ }).waitFor({ state: 'hidden' });
});

for (const [path, sentence, again] of [
  ['/en/01-patches/', /The model file .* is not on this site.*still work/, 'Try again'],
  ['/zh/01-patches/', /站点上没有模型文件.*仍然可用/, '重试'],
] as const)
  test(
    `a model that is not there: the sentence, what still works, another try (${path.slice(1, 3)})`,
    async (ctx) => {
      let missing = true;
      ctx.fault(/\/models\/vit-flexi\/model\.safetensors/, (_request, response) => {
        if (!missing) return false;
        response.writeHead(404).end();
        return true;
      });
      ctx.allow(/404/);
      const page = await openLesson(ctx, `${path}?device=wasm`);
      await page.locator('[data-fault="model-missing"]').getByText(sentence).waitFor({ timeout: 60_000 });
      await slide(page, /Patch size|图像块边长/, 32);
      await chipIs(page, 'patches', [49, 3072]);
      missing = false;
      await page.getByRole('button', { name: again }).click();
      await answered(page);
    },
    { faults: true, timeout: 120_000 },
  );
