import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { test, type TestContext } from '#tests/e2e/harness.ts';
import { near, number, openLesson, queryHas } from '#tests/e2e/lesson.ts';

const LESSON = '/en/11-masked-autoencoders/';
const golden = parseSafetensors(
  new Uint8Array(readFileSync('lessons/11-masked-autoencoders/tests/golden.safetensors')),
);
const one = (name: string) => golden.float32(name)[0]!;

async function open(ctx: TestContext, query: string): Promise<Page> {
  const page = await openLesson(ctx, `${LESSON}?v=1&device=wasm&${query}`);
  await page.locator('.say b').waitFor({ timeout: 60_000 });
  return page;
}
const stat = async (page: Page, within: string, label: string) => {
  const box = page.locator(`${within} div`, { has: page.locator('> span', { hasText: label }) });
  return number(await box.locator('> b').first().textContent());
};
const cell = async (page: Page, row: string, column: number) =>
  number(await page.locator(`tr[data-row="${row}"] td`).nth(column).textContent());

test(
  'hidden patches are painted with PyTorch’s errors; a mask is painted by mouse and keys; both ends have a sentence',
  async (ctx) => {
    const page = await open(ctx, 'view=hide');
    await page.locator('[data-losses]').waitFor();
    near(await stat(page, '[data-losses]', 'hidden: the loss'), one('random.loss'), 'loss', 0.02, 1e-3);
    near(await stat(page, '[data-losses]', 'seen'), one('seen'), 'seen', 0.02, 1e-3);
    near(await stat(page, '[data-losses]', 'all patches'), one('all'), 'all', 0.02, 1e-3);
    near(await stat(page, '[data-losses]', 'straight lines'), one('random.lines'), 'lines', 0.02, 1e-3);
    await page.getByRole('radio', { name: 'blocks', exact: true }).check({ force: true });
    await page.waitForFunction(
      (loss) =>
        Math.abs(parseFloat(document.querySelector('[data-losses] b')?.textContent ?? '') - loss) < 2e-3,
      one('block.loss'),
    );
    const painter = page.locator('[data-field="mask"]');
    const hidden = async () => Number(await painter.getAttribute('data-hidden'));
    const before = await hidden();
    await painter.focus();
    await painter.press('ArrowRight');
    await painter.press('Enter');
    await page.waitForFunction(
      (n) => Math.abs(Number(document.querySelector('[data-hidden]')?.getAttribute('data-hidden')) - n) === 1,
      before,
    );
    await queryHas(page, 'kind=own');
    const box = (await painter.boundingBox())!;
    await page.mouse.move(box.x + 4, box.y + box.height - 4);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 4, box.y + box.height - 4, { steps: 24 });
    await page.mouse.up();
    await queryHas(page, 'mask=');
    const ratio = page.getByRole('slider', { name: 'Hidden' });
    await ratio.fill('1');
    await page.locator('[data-panel] [data-ends="unseen"]').waitFor();
    await ratio.fill('0');
    await page.locator('[data-panel] [data-ends="whole"]').waitFor({ timeout: 20_000 });
  },
  { timeout: 120_000 },
);

test(
  'each change of the network has PyTorch’s error, and its count of tokens',
  async (ctx) => {
    const page = await open(ctx, 'view=break&change=places');
    for (const change of ['places', 'mean', 'zeros', 'bert'] as const) {
      const name = change === 'bert' ? 'masks encoded' : change;
      await page.getByRole('radio', { name, exact: true }).check({ force: true });
      await page.locator(`[data-broken="${change}"]`).waitFor({ timeout: 30_000 });
      near(await cell(page, 'loss', 1), one(`change.${change}`), change, 0.02, 1e-3);
    }
    near(await cell(page, 'tokens', 0), 37, 'tokens');
    near(await cell(page, 'tokens', 1), 145, 'tokens with masks');
  },
  { timeout: 120_000 },
);

test(
  'the error against the hidden part is computed when asked, and stops; the losses in normalised pixels are PyTorch’s',
  async (ctx) => {
    const page = await open(ctx, 'view=share');
    await page.getByRole('button', { name: 'Compute here' }).click();
    await page.locator('[data-sweep="done"]').waitFor({ timeout: 60_000 });
    const rows = page.locator('[data-panel] details');
    await rows.first().locator('summary').click();
    const cells = rows.first().locator('tbody tr').nth(9).locator('td, th');
    near(number(await cells.nth(1).textContent()), golden.float32('sweep')[9]!, 'the model', 0.02, 1e-3);
    near(number(await cells.nth(2).textContent()), golden.float32('sweep.lines')[9]!, 'lines', 0.02, 1e-3);
    await page.getByRole('radio', { name: 'Normalised', exact: true }).check({ force: true });
    await page.locator('tr[data-row="share"]').waitFor();
    near(await cell(page, 'loss', 1), one('norm.loss'), 'normalised loss', 0.02, 2e-2);
    near(await cell(page, 'share', 0), 100 * one('share'), 'share', 0.02, 1);
    near(await cell(page, 'std', 0), one('std'), 'deviation', 0.02, 1e-3);
  },
  { timeout: 120_000 },
);
