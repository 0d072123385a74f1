import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { CNN_LEVELS, VIT_LEVELS } from '../pyramid.ts';
import { quizRound } from '../quiz.ts';
import { test } from '#tests/e2e/harness.ts';
import { answered, chipIs, openLesson, queryHas, slide } from '#tests/e2e/lesson.ts';

const LESSON = '/en/05-answer/';
const K = 94;
const file = parseSafetensors(new Uint8Array(readFileSync('lessons/05-answer/tests/golden.safetensors')));
/** Numbers of this lesson as PyTorch computes them (lessons/05-answer/tests/reference.py). */
const golden = (name: string) => file.float32(name);
const { labels } = JSON.parse(readFileSync('models/vit-flexi/config.json', 'utf8')) as {
  labels: { en: string; zh: string }[];
};
const CNN_CLASSES = (
  JSON.parse(readFileSync('models/cnn-cifar10/config.json', 'utf8')) as { labels: { id: string }[] }
).labels.map(({ id }) => id);
/** How the maps of each level lie: columns, cells a side, pixels between two. */
const MAPS = {
  whiten: { columns: 5, side: 31, gap: 2 },
  'body.0': { columns: 8, side: 15, gap: 2 },
  'body.1': { columns: 12, side: 7, gap: 1 },
  'body.2': { columns: 16, side: 3, gap: 1 },
} as const;
const top = (row: ArrayLike<number>) => Array.from(row).reduce((b, v, i, all) => (v > all[b]! ? i : b), 0);
const row = (name: string, d: number) => golden(name).subarray(d * K, (d + 1) * K);
const at = (query: string) => `${LESSON}?v=1&${query}&device=wasm`;
const number = (text: string | null) =>
  Number(
    text!
      .trim()
      .replace('−', '-')
      .replace(/[%,\s]/g, ''),
  );
// Chromium and libwebp decode a picture to bytes that differ by one here and there.
const near = (shown: number, expected: number, within: number, what: string) =>
  assert.ok(Math.abs(shown - expected) < within, `${what}: ${shown}, expected ${expected}`);

/** Waits until the best bar of a list is named so, and returns its percent. */
async function best(page: Page, list: string, name: string): Promise<number> {
  await page
    .locator(`${list} ol li`, { hasText: '%' })
    .first()
    .filter({ hasText: name })
    .waitFor({ timeout: 90_000 });
  const text = await page.locator(`${list} ol li`).first().textContent();
  return number(text!.slice(text!.indexOf(name) + name.length));
}

test(
  'path, logit and softmax show the numbers of PyTorch, and every control moves them',
  async (ctx) => {
    const page = await openLesson(ctx, at('view=soft'));
    await answered(page);
    const logits = golden('logits');
    const probs = golden('probs');
    const k = top(logits);
    const cells = page.locator(`.soft [data-class="${k}"] td`);
    await cells.first().waitFor();
    near(number(await cells.nth(0).textContent()), logits[k]!, 0.05, 'logit');
    near(number(await cells.nth(3).textContent()), 100 * probs[k]!, 1, 'share');
    assert.ok(number(await page.locator('.soft [data-off]').textContent()) < 1e-5);
    await page.getByRole('slider', { name: 'Temperature τ' }).fill('4');
    const soft = Array.from(logits, (z) => Math.exp((z - logits[k]!) / 4));
    near(number(await cells.nth(3).textContent()), 100 / soft.reduce((a, b) => a + b), 0.5, 'share at τ = 4');
    await queryHas(page, 'tau=4');

    await page.getByRole('radio', { name: 'Logit', exact: true }).check();
    const cell = page
      .locator('.logit dt', { hasText: 'in the tensor' })
      .locator('xpath=following-sibling::dd');
    await cell.waitFor({ timeout: 60_000 });
    near(number(await cell.textContent()), logits[k]!, 0.05, 'logit by hand');
    await page.locator('[data-class-select]').selectOption('3');
    await page.locator('.logit', { hasText: 'W[3]' }).first().waitFor();
    near(number(await cell.textContent()), logits[3]!, 0.05, 'logit of class 3');

    await page.getByRole('radio', { name: 'Path', exact: true }).check();
    await page.locator('[data-path] li').nth(4).getByText(labels[k]!.en).waitFor();
    await page.getByRole('button', { name: 'Open pooled' }).click();
    await page.locator('[data-drawer="pooled"]').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('slider', { name: 'Patch size' }).press('End');
    await chipIs(page, 'norm', [50, 192]);
    await queryHas(page, 'p=32');
    await page.locator('[data-change-picture]').click();
    await page.locator('[data-picture="sunflower"]').click();
    await queryHas(page, 'pic=sunflower');
    await page.locator('[data-path] li').nth(4).getByText('sunflower').waitFor({ timeout: 60_000 });
  },
  { timeout: 150_000, motion: true },
);

test(
  'the lens and the map say at every depth what PyTorch says',
  async (ctx) => {
    const page = await openLesson(ctx, at('view=lens&d=6'));
    for (const d of [6, 0, 12]) {
      await slide(page, 'Depth', d);
      const expected = row('lens.cls', d);
      near(
        await best(page, '.best', labels[top(expected)]!.en),
        100 * Math.max(...expected),
        1.5,
        `depth ${d}`,
      );
    }
    await page.getByRole('radio', { name: 'logit', exact: true }).check();
    await queryHas(page, 'y=logit');
    // Patch 90 of the 14 × 14 grid: row 6, column 6.
    await page.goto(ctx.url(at('view=lens&d=12&tok=patch&at=104.104')));
    const patch = golden('lens.patches').subarray((12 * 4 + 1) * K, (12 * 4 + 2) * K);
    near(await best(page, '.best', labels[top(patch)]!.en), 100 * Math.max(...patch), 1.5, 'patch 90');

    await page.getByRole('radio', { name: 'Map', exact: true }).check();
    for (const d of [12, 11]) {
      await slide(page, 'Depth', d);
      const winners = Array.from(golden('lens.winners').subarray(d * 196, (d + 1) * 196));
      const counts = new Map<number, number>();
      for (const w of winners) counts.set(w, (counts.get(w) ?? 0) + 1);
      const [k, count] = [...counts].sort((a, b) => b[1] - a[1])[0]!;
      const kind = page.locator(`[data-map-panel][data-from="tensor:blocks.${d - 1}"] [data-kind="${k}"] b`);
      await kind.waitFor({ timeout: 60_000 });
      near(number(await kind.textContent()), count, 5, `patches of ${labels[k]!.en} at depth ${d}`);
    }
    const kind = page.locator('[data-kind]').first();
    const k = Number(await kind.getAttribute('data-kind'));
    await kind.click();
    await queryHas(page, 'map=heat');
    const said = async (name: string) =>
      number(await page.locator(`[data-map-panel] [data-${name}]`).textContent());
    near(await said('most'), 100 * golden('heat.most')[k]!, 2.5, `most of ${labels[k]!.en}`);
    near(await said('mean'), 100 * golden('heat.mean')[k]!, 1.5, `mean of ${labels[k]!.en}`);
    near(await said('cls'), 100 * row('lens.cls', 11)[k]!, 2.5, `CLS of ${labels[k]!.en}`);
    await page.getByRole('radio', { name: 'the winner', exact: true }).check();
    await page.locator('[data-kind]').first().waitFor();
  },
  { timeout: 150_000 },
);

test(
  'what the branches wrote adds up to the logit and equals PyTorch’s',
  async (ctx) => {
    const page = await openLesson(ctx, at('view=wrote'));
    const wrote = async (name: string) => number(await page.locator(`[data-wrote="${name}"]`).textContent());
    await page.locator('[data-wrote="11.mlp"]').waitFor({ timeout: 90_000 });
    const check = async (name: string, constant: boolean) => {
      const parts = golden(name);
      near(await wrote('start'), parts[0]!, 0.05, 'start');
      for (let i = 0; i < 12; i++) {
        near(await wrote(`${i}.attn`), parts[1 + 2 * i]!, 0.08, `attention ${i}`);
        near(await wrote(`${i}.mlp`), parts[2 + 2 * i]!, 0.08, `MLP ${i}`);
      }
      if (constant) near(await wrote('constant'), golden('wrote.constant')[0]!, 0.01, 'constant');
      const sum = number(await page.locator('.wrote [data-sum]').textContent());
      near(sum, number(await page.locator('.wrote [data-cell]').textContent()), 2e-3, 'sum and cell');
    };
    await check('wrote', true);
    assert.ok(number(await page.locator('.wrote [data-off]').textContent()) < 1e-4);
    await page.getByRole('radio', { name: /^its lead over/ }).check();
    await check('wrote.rival', false);
    await queryHas(page, 'vs=rival');
  },
  { timeout: 150_000 },
);

test(
  'a shortened model answers as PyTorch without the block, and as the lens said',
  async (ctx) => {
    const page = await openLesson(ctx, at('view=cut'));
    await page.locator('[data-cut-last]').click();
    const last = golden('cut.last');
    near(
      await best(page, '[data-less]', labels[top(last)]!.en),
      100 * Math.max(...last),
      1.5,
      'without block 11',
    );
    await page.locator('.cut .lens [data-off]').waitFor({ timeout: 60_000 });
    assert.ok(number(await page.locator('.cut .lens [data-off]').textContent()) < 1e-4);
    await page.locator('[data-cut-none]').click();
    await page.getByRole('checkbox', { name: 'Block 5' }).uncheck();
    await page.getByText('no depth of the lens is this model').waitFor();
    const five = golden('cut.5');
    // The old bars stand, dimmed, until the new answer is there.
    await page.waitForFunction(
      ([name, expected]) => {
        const text = document.querySelector('[data-less] ol li')?.textContent ?? '';
        const shown = parseFloat(text.slice(text.indexOf(name) + name.length));
        return text.includes(name) && Math.abs(shown - expected) < 2.5;
      },
      [labels[top(five)]!.en, 100 * Math.max(...five)] as const,
      { timeout: 60_000 },
    );
    await queryHas(page, 'skip=32');
  },
  { timeout: 150_000 },
);

test('the table counts as PyTorch does; the builder says why a choice is illegal, in both languages', async (ctx) => {
  const page = await openLesson(ctx, at('s=read'));
  await page.getByRole('radio', { name: 'Sizes', exact: true }).check();
  for (const id of ['ti', 's', 'b', 'l', 'h']) {
    const cell = page.locator(`[data-size="${id}"] [data-parameters]`);
    await cell.waitFor();
    const [millions, rest] = golden(`size.${id}.parameters`);
    assert.equal(Number(await cell.getAttribute('data-parameters')), millions! * 1e6 + rest!);
    const macs = Number(await page.locator(`[data-size="${id}"] [data-macs]`).getAttribute('data-macs'));
    near(macs / 1e9, golden(`size.${id}.gmacs`)[0]!, 1e-3 * (macs / 1e9), `multiply-adds of ${id}`);
    // float32: four bytes a parameter.
    const bytes = await page.locator(`[data-size="${id}"] [data-bytes]`).getAttribute('data-bytes');
    assert.equal(Number(bytes), 4 * (millions! * 1e6 + rest!));
  }
  await slide(page, 'Heads', 7);
  await page.locator('[data-choice="heads"].bad').getByText('768 does not divide into 7 heads').waitFor();
  await slide(page, 'Heads', 8);
  await page.locator('[data-verdict="built"]').getByText('86,567,656').waitFor();
  await slide(page, 'Patch', 15);
  await page.locator('[data-choice="patch"]').getByText('14 pixels').waitFor();
  await slide(page, 'Picture', 240);
  for (const [name, value] of [
    ['Width D', 512],
    ['Blocks', 10],
  ] as const)
    await slide(page, name, value);
  await page.getByRole('slider', { name: 'MLP ÷ D' }).fill('2');
  await queryHas(page, 'bm=2');
  await queryHas(page, 'bD=512');
  await page.locator('[data-size="h"] button').click();
  await queryHas(page, 'bD=1280');
  await page.goto(ctx.url('/zh/05-answer/?v=1&view=sizes&bh=7'));
  await page.locator('[data-choice="heads"].bad').getByText('宽度 768 不能平均分给 7 个头').waitFor();
});

test(
  'receptive fields and attention distances equal PyTorch’s',
  async (ctx) => {
    const page = await openLesson(ctx, at('s=read'));
    await page.getByRole('radio', { name: 'CNN', exact: true }).check();
    for (const [choice, every] of [
      ['never', 0],
      ['every 4th', 4],
      ['every 2nd', 2],
    ] as const) {
      await page.getByRole('radio', { name: choice }).check();
      for (const n of [1, 5, 8]) {
        await slide(page, 'Convolutions 3×3', n);
        await page.locator(`[data-field="${golden(`field.${every}`)[n - 1]!}"]`).waitFor();
      }
    }
    const shown = page.locator('[data-distances]');
    await shown.waitFor({ timeout: 90_000 });
    const values = (await shown.getAttribute('data-distances'))!.split(' ').map(Number);
    const expected = golden('distance');
    assert.equal(values.length, expected.length);
    values.forEach((v, i) => near(v, expected[i]!, 0.5, `distance ${i}`));
    await slide(page, 'Attention layer', 4);
    await page.getByRole('radio', { name: '2', exact: true }).check();
    await page.getByText('Layer 4, head 2').first().waitFor();
    await queryHas(page, 'h=2');
  },
  { timeout: 150_000 },
);

test(
  'the CNN’s maps and the ViT’s have the ranges of PyTorch, and their cells see what its cells see',
  async (ctx) => {
    const page = await openLesson(ctx, at('s=read'));
    const asked = () => ctx.requests.filter((url) => url.includes('/models/cnn-cifar10/'));
    await answered(page);
    assert.deepEqual(asked(), [], 'the CNN before its view is open');
    await page.getByRole('radio', { name: 'Pyramid', exact: true }).check();
    const [cnn, vit] = ['cnn', 'vit'].map((net) => page.locator(`[data-net="${net}"]`)) as [Locator, Locator];
    await cnn.locator('[data-answer]').waitFor({ timeout: 90_000 });
    assert.ok(asked().some((url) => url.endsWith('model.safetensors')));

    const probs = golden('cnn.probs');
    const k = top(probs);
    const said = cnn.locator('[data-answer]');
    assert.equal(await said.getAttribute('data-answer'), CNN_CLASSES[k]);
    const text = (await said.textContent())!;
    near(number(text.slice(text.indexOf(',') + 1)), 100 * probs[k]!, 1.5, 'share of the CNN');

    for (const [net, levels, name] of [
      [cnn, CNN_LEVELS, 'cnn.range'],
      [vit, VIT_LEVELS, 'vit.range'],
    ] as const)
      for (const [i, level] of levels.entries()) {
        const shown = net.locator(`[data-level="${level}"]`);
        await shown.locator('figure[aria-busy="false"]').waitFor({ timeout: 60_000 });
        const [low, high] = golden(name).subarray(2 * i, 2 * i + 2);
        const within = 0.01 * (high! - low!);
        near(Number(await shown.getAttribute('data-low')), low!, within, `least of ${level}`);
        near(Number(await shown.getAttribute('data-high')), high!, within, `most of ${level}`);
      }

    // The chosen cell is moved by pointing at one: the first, the middle and the last of each level's first map.
    const rows = golden('cnn.rows');
    for (const [i, level] of CNN_LEVELS.entries()) {
      const shown = cnn.locator(`[data-level="${level}"]`);
      const canvas = shown.locator('.grid canvas');
      const { columns, side, gap } = MAPS[level];
      await canvas.scrollIntoViewIfNeeded();
      const box = (await canvas.boundingBox())!;
      const map = (box.width - 2 - gap * (columns - 1)) / columns;
      for (const [j, cell] of [0, Math.floor(side / 2), side - 1].entries()) {
        const place = 2 + ((cell + 0.5) / side) * map;
        await canvas.hover({ position: { x: place, y: place } });
        const [first, last] = rows.subarray(6 * i + 2 * j, 6 * i + 2 * j + 2);
        await shown.locator(`[data-field="${first} ${first} ${last} ${last}"]`).waitFor({ timeout: 10_000 });
      }
    }
    // After one block of attention a patch may depend on every pixel; before it, on its own.
    await page.mouse.move(0, 0);
    await vit.locator('[data-level="tokens"] [data-field="96 128 112 144"]').waitFor();
    for (const level of VIT_LEVELS.slice(1))
      await vit.locator(`[data-level="${level}"] [data-field="0 0 224 224"]`).waitFor();
    // A click moves all of them.
    await cnn.locator('[data-level="body.2"] .grid canvas').click({ position: { x: 4, y: 4 } });
    await queryHas(page, 'at=37.37');
    await vit.locator('[data-level="tokens"] [data-field="32 32 48 48"]').waitFor();
  },
  { timeout: 150_000 },
);

test(
  'the CNN says how far it has come, can be stopped and is taken up again',
  async (ctx) => {
    let held = true;
    ctx.fault(/cnn-cifar10\/model\.safetensors/, () => (held ? undefined : false));
    const page = await openLesson(ctx, at('s=pyramid&view=pyramid'));
    const line = page.locator('[data-net="cnn"] [data-loading-line]');
    await line.getByRole('progressbar').waitFor({ timeout: 60_000 });
    await line.getByText('MB').waitFor();
    await line.getByRole('button', { name: 'Cancel' }).click();
    await line.getByText('CNN was not loaded').waitFor();
    await page.locator('[data-net="vit"] [data-answer]').waitFor({ timeout: 90_000 });
    held = false;
    await line.getByRole('button', { name: 'Load it' }).click();
    await page.locator('[data-net="cnn"] [data-answer]').waitFor({ timeout: 90_000 });
  },
  { faults: true, timeout: 150_000 },
);

test('the table of BERT is checked, with the keyboard alone', async (ctx) => {
  const page = await openLesson(ctx, at('s=bert'));
  const form = page.locator('[data-bert]');
  const check = form.getByRole('button', { name: 'Check' });
  await check.press('Enter');
  await form.getByText('12 still to choose').waitFor();
  const right = {
    token: ['patch', 'row'],
    cls: ['first', 'first'],
    positions: ['learned', 'learned'],
    mask: ['all', 'all'],
    norm: ['pre', 'post'],
    objective: ['class', 'masked'],
  };
  for (const [row, [vit, bert]] of Object.entries(right)) {
    await form.locator(`[data-cell="${row}.vit"]`).selectOption(vit!);
    await form.locator(`[data-cell="${row}.bert"]`).selectOption(bert!);
  }
  await form.locator('[data-cell="norm.bert"]').selectOption('pre');
  await check.press('Enter');
  await form.getByText('1 not right yet').waitFor();
  await form.locator('[data-cell="norm.bert"]').selectOption('post');
  await check.press('Enter');
  await form.locator('[data-verdict="right"]').waitFor();
});

test('the quiz is answered with the keyboard; its score is kept in this browser only', async (ctx) => {
  const page = await openLesson(ctx, at('q=7&s=quiz'));
  const form = page.locator('[data-quiz]');
  for (const [i, { answer }] of quizRound(7).entries()) {
    await form.getByText(`Question ${i + 1} of 10`).waitFor();
    await form.getByRole('textbox').first().focus();
    for (const [j, n] of answer.entries()) {
      await page.keyboard.type(String(i === 3 ? n + 1 : n));
      if (j < answer.length - 1) await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await form.locator(`[data-verdict="${i === 3 ? 'wrong' : 'right'}"]`).waitFor();
    await page.keyboard.press('Enter');
  }
  await form.locator('[data-score="9"]').waitFor();
  assert.equal(await page.evaluate(() => localStorage.getItem('patchwork:quiz:05-answer')), '1.9.9');
  await form.getByRole('button', { name: 'Forget the score' }).click();
  assert.equal(await page.evaluate(() => localStorage.getItem('patchwork:quiz:05-answer')), null);
});

test('a broken link opens and says what it could not use; the exercise knows its answer', async (ctx) => {
  const page = await openLesson(ctx, at('p=20&k=500&view=wrote'));
  const note = page.locator('[data-link-note]');
  await note.getByText(/p = “20”/).waitFor();
  await note.getByText(/k = “500”/).waitFor();
  const form = page.locator('[data-exercise]').first();
  await form.getByRole('textbox').nth(0).fill('100');
  await form.getByRole('textbox').nth(1).fill('384');
  await form.getByRole('button', { name: 'Check' }).click();
  await form.locator('[data-verdict="right"]').waitFor();
});

test('the stage of a phone leaves the prose its room', async (ctx) => {
  const page = await openLesson(ctx, LESSON + '?s=patches&v=1&view=map', {
    width: 390,
    height: 844,
    touch: true,
  });
  for (const step of ['read', 'lens', 'patches', 'wrote', 'cut', 'sizes', 'cnn', 'pyramid', 'bert', 'data']) {
    await page.evaluate((id) => document.getElementById(id)?.scrollIntoView({ behavior: 'instant' }), step);
    await page.locator(`[data-step="${step}"].on`).waitFor();
    const box = (await page.locator('.stage').boundingBox())!;
    assert.ok(box.height <= 0.45 * 844, `${step}: ${box.height} px`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, step);
  }
});
