import assert from 'node:assert/strict';
import { test } from './harness.ts';
import { openInspector, values } from './inspector.ts';

// Networks in stages: lists in the configuration, and pictures of several sizes for one set of weights.

test('blocks and heads of each stage are typed as lists; one that cannot be says why', async (ctx) => {
  const page = await openInspector(ctx, '?m=swin-t-224');
  await page.locator('[data-menu="config"] summary').click();
  const depths = page.locator('[data-field="depths"] input');
  assert.equal(await depths.inputValue(), '2, 2, 6, 2');
  await depths.fill('2 2 18 2');
  await depths.press('Enter');
  await page.waitForFunction(() => decodeURIComponent(location.search).includes('c=depths:2-2-18-2'));
  assert.match((await page.locator('.facts').first().textContent()) ?? '', /24\s*blocks/);
  await depths.fill('2, 2');
  await depths.press('Enter');
  const why = page.locator('[data-field="heads"] [data-illegal]');
  assert.match((await why.textContent()) ?? '', /one number for each of the 2 stages, not 4/);
  await depths.fill('none');
  await depths.press('Enter');
  assert.equal(await depths.inputValue(), '2, 2');
  assert.deepEqual(ctx.troubles, []);
});

test(
  'a model in stages runs at another side of the picture with the weights it has',
  async (ctx) => {
    const mask = 'layers.1.blocks.1.attn.mask';
    const page = await openInspector(ctx, `?m=swin-tiny&c=image:64&t=${mask}&device=wasm`);
    await values(page).waitFor({ timeout: 60_000 });
    assert.equal(await page.locator('[data-silence]').count(), 0);
    assert.match((await page.locator('[data-tensor-pane]').textContent()) ?? '', /4\s*×\s*16\s*×\s*16/);
    // A window passed over, on the grid of this side.
    const pruned = `?m=swin-tiny&c=image:64&more=layers.0.keep:15&t=layers.0.blocks.0&device=wasm`;
    await page.goto(ctx.url(`/en/inspector/${pruned}`));
    await values(page).waitFor({ timeout: 60_000 });
    assert.deepEqual(ctx.troubles, []);
  },
  { timeout: 120_000 },
);
