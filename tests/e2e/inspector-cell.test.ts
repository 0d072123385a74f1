import assert from 'node:assert/strict';
import { test } from './harness.ts';
import { openInspector as open, tensorIs } from './inspector.ts';
import { untracedNumerals } from './numerals.ts';

for (const lang of ['en', 'zh'])
  test(
    `how a cell was computed is computed: products, sum, bias, equal to the value: ${lang}`,
    async (ctx) => {
      const page = await open(
        ctx,
        '?m=vit-tiny&t=blocks.0.attn.qkv&cell=3.7&device=wasm',
        `/${lang}/inspector/`,
      );
      const steps = page.locator('[data-steps]');
      /** The value as the pane says it beside the cell, and the result of the last equation. */
      const held = async (cell: string) => {
        await page.locator('.cell', { hasText: cell }).waitFor();
        await page.locator('[data-result]').waitFor({ timeout: 60_000 });
        const value = (await page.locator('[data-origin] .cell .value').textContent())!.replace(/^=\s*/, '');
        const result = (await page.locator('[data-result]').textContent())!;
        const number = (text: string) => Number(text.replace('\u2212', '-'));
        assert.equal(Number(number(value).toPrecision(result.replace(/\D/g, '').length)), number(result));
        assert.equal(await page.locator('[data-off]').count(), 0);
      };
      await held('blocks.0.attn.qkv[3, 7]');
      assert.ok((await steps.locator('li').count()) === 7, 'six products and the rest');
      assert.match((await steps.locator('[data-equation]').textContent()) ?? '', /^\s*Σ \+ b = .+ \+ .+ =/);
      assert.deepEqual(await untracedNumerals(page), []);

      await page.locator('[data-row="t:blocks.0.attn.probs"]').click();
      await tensorIs(page, 'blocks.0.attn.probs');
      await page.locator('[data-tensor-pane] [data-from^="tensor:"] canvas').first().click();
      await page.locator('[data-origin] .cell', { hasText: 'probs[' }).waitFor();
      await page.locator('[data-equation]').first().waitFor({ timeout: 60_000 });
      assert.match((await steps.locator('[data-equation]').first().textContent()) ?? '', /e\^\(x − m\) \/ Σ/);
      assert.deepEqual(await untracedNumerals(page), []);
    },
    { timeout: 120_000 },
  );
