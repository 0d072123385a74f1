import assert from 'node:assert/strict';
import { cellAt, fault, openCells, shows, showsText, stands, write } from './cells.ts';
import { test } from './harness.ts';

test('cells: a link waits for Run and says whose it is; editing a cell runs what depends on it', async (ctx) => {
  const page = await openCells(
    ctx,
    [
      "const probs = tensor('probs')",
      'probs.sum().toFixed(4)',
      'const a = 2',
      'b + 1',
      'const b = a * 10',
      'probs',
    ],
    false,
  );
  assert.match(
    await page.locator('[data-foreign]').innerText(),
    /whoever made the link.*nothing of it has run/s,
  );
  assert.equal(await page.locator('iframe').count(), 0, 'a sandbox was opened before the reader pressed Run');
  await page.locator('[data-do="trust"]').click();
  assert.equal(await shows(page, 4), '21');
  await write(page, 3, 'const a = 5');
  await showsText(page, 4, '51');
  // A probability for each class of the live model.
  assert.equal(await shows(page, 2), '"1.0000"');
  await cellAt(page, 6).locator('figure.tensor canvas').waitFor();
  // Esc, then Tab, leaves the editor; the keyboard alone runs it again.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.closest('.cm-editor') === null), true);
});

test('cells: what is wrong is said at the cell, with its place, and the others go on', async (ctx) => {
  // Parsed without being run, an inline handler is reported by the browser all the same.
  ctx.allow(/inline event handler|Content Security Policy/);
  const page = await openCells(ctx, [
    'const a = b',
    'const b = a',
    'const c = 1',
    'const c = 2',
    'const d = 1;\nconst e = (2;',
    'const f = 1;\n  f.x.y',
    "const t = tensor('blocks.8.attn.prob')",
    'new Float32Array(1e8)',
    '(() => { const o = { name: "o" }; o.self = o; return o; })()',
    'import x from "y"',
    '6 * 7',
    'new Tensor([4000, 4001], new Float32Array(4000 * 4001))',
    'html`<b onclick="x()">bold</b>`',
    'f + 1',
    'const one = 1, two = { one }, three = 3',
    '[{ share: 1 / 3, count: 1234567 }]',
    "await model('vit-tiny')",
    'const g = 1;\ng + 1',
    '{ const h = 1; h + 1 }',
    'probs',
  ]);
  assert.equal(await shows(page, 11), '42');
  // What needs a failed cell waits, and says that; names stand in their order, tables have short numbers, classes their names.
  await stands(page, 14, 'blocked');
  assert.match(await shows(page, 15), /^one = 1\s+two = [^]*three = 3$/);
  assert.match(await shows(page, 16), /0\.333333\s+1234567/);
  assert.match(await shows(page, 17), /^Model\(5\)/);
  assert.match((await fault(page, 1)).text, /in a circle: a → b → a|in a circle: b → a → b/);
  assert.equal((await fault(page, 2)).kind, 'circle');
  assert.equal((await fault(page, 3)).kind, 'double');
  assert.match((await fault(page, 5)).text, /Line 2, column 13/);
  assert.match((await fault(page, 6)).text, /Line 2, column \d+\. Thrown while it ran: TypeError/);
  assert.match((await fault(page, 8)).text, /RangeError: Float32Array of 1\.0e\+8 places/);
  assert.match(await shows(page, 9), /itself, in a circle/);
  assert.match((await fault(page, 10)).text, /no network/);
  assert.match(await shows(page, 12), /16,004,000 values and is not shown/);
  await cellAt(page, 13).getByText('bold', { exact: true }).waitFor();
  // Lines that show nothing are not met with silence, those that give a name say that.
  await stands(page, 18, 'done');
  assert.equal(await cellAt(page, 18).locator('.silent').count(), 0);
  await cellAt(page, 19).getByText('display(value) shows one').waitFor();
  assert.match((await fault(page, 20)).text, /The tensor of that name is tensor\('probs'\)/);
  // The nearest names are offered, and one press puts it right.
  const missing = await fault(page, 7);
  assert.equal(missing.kind, 'tensor');
  assert.match(missing.text, /Line 1, column 18\. There is no tensor “blocks\.8\.attn\.prob”/);
  await cellAt(page, 7).getByRole('button', { name: 'blocks.8.attn.probs', exact: true }).click();
  await showsText(page, 7, 'Tensor blocks.8.attn.probs [3, 197, 197]');
});

test(
  'cells: an endless loop is stopped within two seconds, a promise that never ends by the reader; the page lives',
  async (ctx) => {
    const page = await openCells(ctx, ['1', 'await new Promise(() => {})', '40 + 2']);
    await shows(page, 3);
    await page.evaluate(() => {
      const seen = { worst: 0, last: performance.now() };
      Object.assign(window, { seen });
      setInterval(() => {
        seen.worst = Math.max(seen.worst, performance.now() - seen.last);
        seen.last = performance.now();
      }, 10);
    });
    await cellAt(page, 2).getByRole('button', { name: 'Stop' }).click();
    assert.match((await fault(page, 2)).text, /You stopped this cell/);
    await shows(page, 3);
    await write(page, 1, 'while (true) {}');
    await stands(page, 1, 'runs');
    const began = Date.now();
    assert.match((await fault(page, 1)).text, /stopped: it computed for so long without a pause/);
    const took = Date.now() - began;
    assert.ok(took < 2_000, `${took} ms`);
    const worst = await page.evaluate(() => (window as unknown as { seen: { worst: number } }).seen.worst);
    assert.ok(worst < 500, `the page stood still for ${worst} ms`);
    assert.equal(await shows(page, 3), '42');
    // Both run again once they are changed.
    await write(page, 1, '"alive"');
    await showsText(page, 1, 'alive');
    await write(page, 2, 'await Promise.resolve(7)');
    await showsText(page, 2, '7');
  },
  { alone: true },
);

test('cells: controls, the page’s state and a run of one’s own', async (ctx) => {
  ctx.allow(/404|nothing-of-the-kind/);
  const page = await openCells(ctx, [
    'const n = view(Inputs.range([0, 10], { step: 1, value: 3, label: "How many" }))',
    'n * 2',
    'state.p',
    'const set = () => state.set({ p: 32 })',
    "const tokens = tensor('blocks.0').shape[0]",
    "const net = await model('vit-tiny')",
    "const run = await net.run({ tensors: ['probs'] })",
    'run.probs.sum().toFixed(3)',
    "await net.run({ tensors: ['prob'] })",
    'await model("nothing-of-the-kind")',
  ]);
  assert.equal(await shows(page, 2), '6');
  await cellAt(page, 1).getByRole('spinbutton').fill('8');
  await showsText(page, 2, '16');
  assert.equal(await shows(page, 3), '16');
  await showsText(page, 5, '197');
  await write(page, 4, 'state.set({ p: 32 })');
  await showsText(page, 3, '32');
  await showsText(page, 5, '50');
  await write(page, 4, '0');
  await page.locator('[data-do="undo-set"]').click();
  await showsText(page, 3, '16');
  assert.equal(await shows(page, 8), '"1.000"');
  const missing = await fault(page, 9);
  assert.match(missing.text, /no tensor “prob”/);
  assert.match(missing.text, /probs/);
  assert.match((await fault(page, 10)).text, /no model “nothing-of-the-kind”/);
});
