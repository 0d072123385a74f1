import assert from 'node:assert/strict';
import { test } from './harness.ts';
import { openInspector, values } from './inspector.ts';

test(
  'words are typed, one text a line: their tokens and shares follow, and the link holds them',
  async (ctx) => {
    const page = await openInspector(ctx, '?m=clip-tiny&t=probs&device=wasm');
    await page.locator('[data-menu="run"] summary').click();
    const field = page.locator('[data-feed="texts"] textarea');
    const rows = page.locator('[data-feed="texts"] li');
    const shares = async (count: number) => {
      await page.waitForFunction(
        (n) => document.querySelectorAll('[data-feed="texts"] .share').length === n,
        count,
        { timeout: 60_000 },
      );
      return (await page.locator('[data-feed="texts"] .share').allTextContents()).map(parseFloat);
    };
    const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);
    assert.equal((await field.inputValue()).split('\n').length, 4);
    assert.ok(Math.abs(sum(await shares(4)) - 100) < 0.5);
    await values(page).waitFor();

    await field.fill('goat\n山羊\n🐐');
    assert.ok(Math.abs(sum(await shares(3)) - 100) < 0.5);
    assert.deepEqual(await rows.nth(1).locator('code').allTextContents(), ['<start>', '山', '羊', '<end>']);
    await page.waitForFunction(() => new URLSearchParams(location.search).get('w') === 'goat\n山羊\n🐐');
    assert.match((await page.locator('[data-tensor-pane]').textContent()) ?? '', /3 texts/);

    await field.fill(`goat\n${'a goat on a hill '.repeat(9)}`);
    await shares(2);
    assert.equal(await rows.nth(1).getAttribute('data-cut'), 'true');
    await field.fill('');
    assert.deepEqual(await shares(1), [100]);
    assert.match(
      (await page.locator('[data-feed="texts"]').textContent()) ?? '',
      /the model is fed an empty text/,
    );
    assert.deepEqual(ctx.troubles, []);
  },
  { timeout: 90_000 },
);
