import assert from 'node:assert/strict';
import { test } from './harness.ts';
import { openInspector as open } from './inspector.ts';

/** One size of every family, two blocks deep, without values: src/lib/inspector/walk.test.ts has every published size. */
const WALKED = [
  'm=vit-ti-16&c=depth:2',
  'm=mae-ti-2-cifar10&c=depth:2~decoderDepth:1',
  'm=uvit-256-2-cifar10&c=depth:2',
  'm=swin-t-224&c=depths:2-1~heads:3-6',
  'm=swin-multiscale-64&c=depths:1-1',
  'm=dit-256-2-cifar10&c=depth:2',
  'm=dit-256-2-cifar10&c=depth:2~condition:cross-attention',
];

test(
  'a walker opens every group, and each tensor and weight once: the pane shows it',
  async (ctx) => {
    for (const link of WALKED) {
      const page = await open(ctx, `?${link}`);
      const { bad, walked } = await page.evaluate(async () => {
        const frame = () => new Promise((done) => requestAnimationFrame(done));
        const until = async (holds: () => boolean) => {
          for (let i = 0; i < 200 && !holds(); i++) await frame();
          return holds();
        };
        const list = document.querySelector<HTMLElement>('.rows')!;
        const rows = () => [...list.querySelectorAll<HTMLElement>('[role="treeitem"]')];
        const folded = () => rows().every((row) => row.getAttribute('aria-expanded') !== 'true');
        const button = document.querySelector<HTMLElement>('.outline .count button')!;
        if (!folded()) button.click();
        await until(folded);
        button.click();
        await until(() => !folded());
        const walked = new Set<string>();
        const bad: string[] = [];
        for (let top = 0; ; top += list.clientHeight / 2) {
          list.scrollTop = top;
          await frame();
          await frame();
          for (const id of rows().map((row) => row.dataset.row!)) {
            if (walked.has(id) || id.startsWith('b:')) continue;
            walked.add(id);
            rows()
              .find((row) => row.dataset.row === id)
              ?.click();
            const pane = () => document.querySelector<HTMLElement>('[data-tensor-pane]')?.dataset.tensorPane;
            if (!(await until(() => pane() === id.slice(2)))) bad.push(`${id}: the pane shows ${pane()}`);
            list.scrollTop = top;
          }
          if (top + list.clientHeight >= list.scrollHeight) break;
        }
        return { bad, walked: walked.size };
      });
      assert.deepEqual(bad, [], link);
      assert.ok(walked > 30, `${link}: ${walked}`);
      assert.deepEqual(ctx.troubles, [], link);
      await page.close();
    }
  },
  { timeout: 120_000 },
);

test('Back and Forward go from tensor to tensor, and leave what else was changed in its entry', async (ctx) => {
  const page = await open(ctx, '?m=vit-ti-16&t=tokens');
  const opened = (name: string) => page.locator(`[data-tensor-pane="${name}"]`).waitFor();
  await page.locator('[data-row="b:blocks.0"]').click();
  await page.locator('[data-row="t:blocks.0.norm1"]').click();
  await opened('blocks.0.norm1');
  await page.waitForFunction(() => location.search.includes('t=blocks.0.norm1'));
  await page.locator('.switch').getByRole('radio', { name: 'Costs' }).check({ force: true });
  await page.waitForFunction(() => location.search.includes('view=cost'));
  await page.locator('[data-row="t:blocks.0.attn.q"]').click();
  await opened('blocks.0.attn.q');
  await page.goBack();
  await opened('blocks.0.norm1');
  assert.match(new URL(page.url()).search, /view=cost/);
  await page.goBack();
  await opened('tokens');
  assert.doesNotMatch(new URL(page.url()).search, /view=cost/);
  await page.goForward();
  await opened('blocks.0.norm1');
  await page.goForward();
  await opened('blocks.0.attn.q');
  assert.match(new URL(page.url()).search, /t=blocks.0.attn.q/);
});

test('in a lesson, Back after a jump from the contents restores the step, not one passed on the way', async (ctx) => {
  const page = await ctx.page();
  await page.goto(ctx.url('/en/01-patches/?v=1'));
  await page.locator('main[data-listens]').waitFor();
  const link = page.locator('.about ol a').last();
  await page.locator('.about summary').click();
  await link.scrollIntoViewIfNeeded();
  const last = (await link.getAttribute('href'))!.slice(1);
  const step = () => page.evaluate(() => new URLSearchParams(location.search).get('s'));
  /** Until the window stands still and the address has been written. */
  const rest = async () => {
    for (let i = 0, y = NaN, still = 0; i < 100 && still < 6; i++) {
      const now = await page.evaluate(() => scrollY);
      still = now === y ? still + 1 : 0;
      y = now;
      await page.waitForTimeout(100);
    }
  };
  await rest();
  const [before, from] = [await step(), await page.evaluate(() => scrollY)];
  await link.click();
  await page.waitForFunction((id) => new URLSearchParams(location.search).get('s') === id, last);
  await rest();
  await page.goBack();
  await page.waitForFunction((y) => Math.abs(scrollY - y) < 100, from);
  await rest();
  assert.equal(await step(), before);
  await page.goForward();
  await page.waitForFunction((id) => new URLSearchParams(location.search).get('s') === id, last);
});

test('a link with a tensor or a cell that is not there says so, and a cell is typed', async (ctx) => {
  const page = await open(ctx, '?m=vit-tiny&t=doesnt.exist&device=wasm', '/zh/inspector/');
  await page.locator('[data-link-note]', { hasText: 'doesnt.exist' }).waitFor();
  await page.goto(ctx.url('/en/inspector/?m=vit-tiny&t=tokens&cell=99.999&device=wasm'));
  await page.locator('[data-link-note]', { hasText: '[99, 999]' }).waitFor();
  await page.locator('[data-tensor-pane="tokens"] [data-from^="tensor:"] canvas').first().waitFor();
  await page.locator('[data-index] input').first().fill('2');
  await page.locator('[data-index] input').first().press('Enter');
  await page.locator('[data-index] input').last().fill('5');
  await page.locator('[data-index] input').last().press('Enter');
  await page.locator('[data-origin] .cell', { hasText: 'tokens[2, 5]' }).waitFor();
  const weights = page.locator('a[data-take="weights"]');
  assert.match((await weights.textContent()) ?? '', /model\.safetensors, \d+(\.\d+)? [kM]B/);
  assert.match((await weights.getAttribute('href')) ?? '', /\/models\/vit-tiny\/model\.safetensors$/);
});

test('a denoiser’s comparison stands above its values, and the pane does not scroll sideways', async (ctx) => {
  const page = await open(ctx, '?m=uvit-tiny&t=prediction&device=wasm');
  const compare = page.locator('[data-compare]');
  await compare.waitFor();
  const other = compare.getByRole('radio', { name: 'another time' });
  // The choice goes into the address and comes back from there.
  await other.click({ force: true });
  await compare.locator('input:checked + span', { hasText: 'another time' }).waitFor();
  const pane = page.locator('.pane.right');
  assert.ok(await pane.evaluate((e) => e.scrollWidth <= e.clientWidth), 'no sideways scroll');
  const which = page
    .getByRole('radiogroup', { name: 'Which run' })
    .or(page.locator('fieldset', { hasText: 'Which run' }));
  const [control, result] = await Promise.all([compare.boundingBox(), which.first().boundingBox()]);
  assert.ok(control && result && result.y - (control.y + control.height) < 40, 'side by side');
});
