import assert from 'node:assert/strict';
import { cellAt, fault, openCells, openGallery, shows, showsText, stands, write } from './cells.ts';
import { test } from './harness.ts';

test(
  'cells: sample() says how far it is, is stopped on its way, and gives the picture with its steps',
  async (ctx) => {
    const page = await openCells(ctx, [
      "const made = await sample({ model: 'uvit-tiny', class: 1, steps: 4000 })",
      '[made.steps.length, made.steps.at(-1).t].join()',
      'made.picture',
      '6 * 7',
    ]);
    await cellAt(page, 1)
      .locator('[data-progress]', { hasText: /step \d+ of 4000/ })
      .waitFor();
    await cellAt(page, 1).getByRole('button', { name: 'Stop' }).click();
    assert.match((await fault(page, 1)).text, /You stopped this cell/);
    assert.equal(await shows(page, 4), '42');
    // What is stopped computes nothing any more: the next run is there at once.
    await write(page, 1, "const made = await sample({ model: 'uvit-tiny', class: 1, steps: 3 })");
    await showsText(page, 2, '3,0');
    await cellAt(page, 3).locator('canvas').waitFor();
  },
  { timeout: 120_000 },
);

test('cells: a cell over tensors is shown as PyTorch; what has no line is said', async (ctx) => {
  const page = await openCells(ctx, [
    "const look = tensor('blocks.8.attn.probs').mean(0)",
    'const share = look.at(0, 0) / look.slice(0).sum()',
    "const other = tensor('probs').map((v) => v.toFixed(2))",
    'await model("vit-tiny")',
  ]);
  await stands(page, 2, 'done');
  const python = (n: number) => cellAt(page, n).getByRole('button', { name: 'PyTorch' });
  await python(2).click();
  const lines = await cellAt(page, 2).locator('[data-torch-lines]').innerText();
  assert.match(lines, /^blocks_8_attn_probs = torch\.softmax\(blocks_8_attn_scores, dim=-1\)/m);
  assert.match(lines, /^look = blocks_8_attn_probs\[0\]\.mean\(0\)/m);
  assert.match(lines, /^share = look\[0, 0\]\.item\(\) \/ look\[0\]\.sum\(\)\.item\(\)/m);
  assert.equal(await cellAt(page, 2).locator('[data-without]').count(), 0);
  await python(3).click();
  assert.match(await cellAt(page, 3).locator('[data-without]').innerText(), /v\.toFixed\(2\)/);
  assert.equal(await python(4).count(), 0);
  // The lines are those of the code as it is now.
  await write(page, 2, 'const share = look.max(1).sum()');
  await cellAt(page, 2).locator('[data-torch-lines]', { hasText: 'look.amax(1).sum().item()' }).waitFor();
});

for (const [id, result, found] of [
  ['schedules', '[data-result="markup"] svg', /SNR/],
  ['words', '[data-result="table"]', /kitten/],
] as const)
  test(
    `cells: the notebook “${id}” opens from the gallery, and every cell has a result`,
    async (ctx) => {
      const page = await openGallery(ctx, id);
      const cells = page.locator('[data-cell]');
      const count = await cells.count();
      for (let n = 1; n <= count; n++) await stands(page, n, 'done', 60_000);
      assert.equal(await page.locator('[data-fault]').count(), 0);
      await page.locator(result).filter({ hasText: found }).first().waitFor();
      const change = cells.last().locator('details');
      assert.equal(await change.count(), 1, 'the last cell says what to change, and what is then to be seen');
    },
    { timeout: 120_000 },
  );
