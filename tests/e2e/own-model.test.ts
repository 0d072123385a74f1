import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { test, type TestContext } from './harness.ts';
import { downloaded, openInspector, values } from './inspector.ts';
import { cutSelects } from './selects.ts';

const BARE = 'models/vit-tiny/model.safetensors';
const PTH = 'tests/fixtures/weights/vit.pth';

const dialog = (page: Page, phase: string) => page.locator(`[data-own-dialog="${phase}"]`);
const field = (page: Page, name: string) => page.locator(`[data-own-field="${name}"]`);
const param = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

async function choose(page: Page, ...files: string[]): Promise<void> {
  await page.locator('[data-own-choose]').click();
  await page.locator('[data-own-files]').setInputFiles(files);
}
/** Sets a field that no tensor tells, and opens the model. */
async function withHeads(page: Page, heads: string): Promise<void> {
  const input = field(page, 'heads').locator('input');
  await input.fill(heads);
  await input.press('Tab');
  await page.locator('[data-own-open]').click();
  await dialog(page, 'examined').waitFor({ state: 'detached' });
  await page.locator('[data-own-answer] li').first().waitFor({ timeout: 60_000 });
}
/** The open tensor's values, from the file that the page saves. */
async function saved(page: Page, name: string): Promise<Float32Array> {
  await values(page).waitFor({ timeout: 60_000 });
  await page.locator('[data-menu="export"] summary').click();
  const { bytes } = await downloaded(page, () => page.locator('[data-take="safetensors"]').click());
  await page.keyboard.press('Escape');
  return parseSafetensors(bytes).float32(name);
}
/** Everything the page asks for while `work` goes on: nothing may leave its origin, and nothing is sent. */
async function watched(ctx: TestContext, page: Page, work: () => Promise<void>): Promise<void> {
  const sent: string[] = [];
  page.on('request', (request) => {
    const home = new URL(request.url()).origin === new URL(ctx.url('/')).origin;
    const local = /^(blob|data):/.test(request.url());
    if ((!home && !local) || request.method() !== 'GET') sent.push(`${request.method()} ${request.url()}`);
  });
  await work();
  assert.deepEqual(sent, []);
}

test(
  'own: a file of weights opens, a guess is corrected, and it answers as the model it is',
  async (ctx) => {
    const site = await openInspector(ctx, '?m=vit-tiny&t=logits&device=wasm');
    const wanted = await saved(site, 'logits');
    const page = await openInspector(ctx, '?m=vit-ti-16&t=logits&device=wasm');
    await watched(ctx, page, async () => {
      await choose(page, BARE);
      await dialog(page, 'examined').waitFor();
      assert.equal(await page.locator('[data-own-facts]').getAttribute('data-own-facts'), 'vit');
      assert.equal(await field(page, 'heads').getAttribute('data-origin'), 'unread');
      assert.equal(await page.locator('[data-own-open]').count(), 0);
      // What cannot be is said, and nothing breaks.
      await field(page, 'heads').locator('input').fill('3');
      await field(page, 'heads').locator('input').press('Tab');
      await page.getByText(/the width 32 does not divide into 3 heads/i).waitFor();
      await withHeads(page, '2');
    });
    assert.match(param(page, 'm') ?? '', /^own-[0-9a-f]{12}$/);
    assert.equal(param(page, 'file'), 'model.safetensors');
    const got = await saved(page, 'logits');
    assert.equal(got.length, 10);
    assert.deepEqual(got, wanted);
    assert.match((await page.locator('[data-own-answer] li').first().textContent()) ?? '', /class \d/);

    await page.locator('[data-own-fix]').click();
    await field(page, 'pool').locator('select').selectOption('gap');
    await field(page, 'pool').locator('text=set by you').waitFor();
    await page
      .locator('[data-own-names]')
      .fill(Array.from({ length: 10 }, (_, i) => `thing ${i}`).join('\n'));
    await page.locator('[data-own-open]').click();
    await page.locator('[data-own-answer] li', { hasText: 'thing' }).first().waitFor({ timeout: 60_000 });
    await page.waitForFunction(() => new URLSearchParams(location.search).get('as')?.includes('pool:gap'));
    const pooled = await saved(page, 'logits');
    assert.ok(pooled.some((v, i) => Math.abs(v - wanted[i]!) > 1e-3));

    // Exports of PyTorch: the weights under the graph's names, and the inputs of the script.
    const weights = await downloaded(page, () => page.locator('[data-take="weights"]').click());
    assert.equal(weights.name, 'model.safetensors');
    assert.equal(parseSafetensors(weights.bytes).names().length, 32);
    const inputs = await downloaded(page, () => page.locator('[data-take="inputs"]').click());
    assert.deepEqual(parseSafetensors(inputs.bytes).float32('expected'), pooled);
    assert.deepEqual(ctx.troubles, []);
  },
  { timeout: 150_000 },
);

test(
  'own: a .pth is kept if the reader agrees, opens again by its link, and is asked for where it is not',
  async (ctx) => {
    const page = await openInspector(ctx, '?m=vit-ti-16&device=wasm');
    await choose(page, PTH);
    await page.locator('[data-own-field="heads"] input').fill('2');
    await page.keyboard.press('Tab');
    await page.locator('[data-own-names]').fill('cat\ndog\nowl');
    assert.equal(await page.locator('[data-own-keep]').isChecked(), false);
    await page.locator('[data-own-keep]').check();
    await page.locator('[data-own-open]').click();
    const answer = page.locator('[data-own-answer] li').first();
    await answer.waitFor({ timeout: 60_000 });
    await page.waitForFunction(() => new URLSearchParams(location.search).get('m')?.startsWith('own-'));
    const said = await answer.textContent();
    assert.match(said ?? '', /cat|dog|owl/);

    const link = page.url();
    await page.goto(link);
    await answer.waitFor({ timeout: 60_000 });
    assert.equal(await answer.textContent(), said);
    assert.equal(await page.locator('[data-own-bar]').getAttribute('data-own-bar'), param(page, 'm'));

    await page.locator('[data-own-choose]').click();
    const kept = page.locator('[data-own-kept-model]');
    await kept.locator('input').fill('Three animals');
    await kept.locator('input').press('Tab');
    await page.locator('[data-model] option', { hasText: 'Three animals' }).waitFor({ state: 'attached' });
    await kept.locator('[data-drop]').click();
    // It is open, read from the store: that is said before it is deleted.
    await kept.locator('[data-used]').waitFor();
    await kept.locator('[data-drop]').click();
    await kept.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    // What is shown stays; anything new asks for the file, which goes on where it was.
    assert.equal(await answer.textContent(), said);
    await page.locator('[data-row="t:blocks.0.attn.v"]').click();
    const lost = page.locator('[data-tensor-pane] [role="alert"]');
    await lost.filter({ hasText: /vit\.pth.*can no longer read it.*choose it again/ }).waitFor();
    await lost.getByRole('button', { name: 'Choose the file' }).click();
    await page.locator('[data-own-files]').setInputFiles(PTH);
    await page.locator('[data-own-open]').click();
    await values(page).waitFor({ timeout: 60_000 });
    assert.equal(await answer.textContent(), said);

    await page.goto(link);
    await page.locator('[data-own-awaited="absent"]').waitFor();
    assert.match((await page.locator('[data-own-awaited]').textContent()) ?? '', /vit\.pth/);
    assert.equal(param(page, 'm'), new URL(link).searchParams.get('m'));
    await page.getByRole('button', { name: 'Open the file' }).click();
    assert.match(
      (await page.locator('[data-own-wanted]').textContent()) ?? '',
      /vit\.pth, whose SHA-256 begins/,
    );
    // Another file than the link's is said to be one; the link's own opens with what was corrected.
    await page.locator('[data-own-files]').setInputFiles('tests/fixtures/weights/vit.npz');
    await page.getByText('This is another file than the link asks for').waitFor();
    await page.locator('[data-own-files]').setInputFiles(PTH);
    await page.locator('[data-own-open]').click();
    await page.locator('[data-own-answer] li').first().waitFor({ timeout: 60_000 });
    assert.equal(await page.locator('[data-own-awaited]').count(), 0);
    assert.deepEqual(ctx.troubles, []);
  },
  { timeout: 150_000, ownContext: true },
);

test(
  'own: what is no model is refused with its reason, a long file can be stopped, and the page goes on',
  async (ctx) => {
    const folder = mkdtempSync(join(tmpdir(), 'patchwork-own-'));
    try {
      const put = (name: string, content: string) => {
        writeFileSync(join(folder, name), content);
        return join(folder, name);
      };
      const page = await openInspector(ctx, '?m=vit-tiny&device=wasm');
      await choose(page, put('model.pth', 'hello, this is no model\n'));
      const note = page.locator('[data-own-dialog] [role="alert"]');
      const said = async (pattern: RegExp) => {
        await note.filter({ hasText: pattern }).waitFor();
      };
      await said(/model\.pth.*it is text, not weights/);
      const take = (...files: string[]) => page.locator('[data-own-files]').setInputFiles(files);
      await take(put('weights.safetensors', 'version https://git-lfs.github.com/spec/v1\nsize 346000000\n'));
      await said(/346,000,000 bytes.*git lfs pull/);
      await take(put('a.bin', '<!doctype html><title>404</title>'));
      await said(/a\.bin/);
      await take(BARE, PTH);
      await said(/2 files with weights were chosen/);
      await take('tests/fixtures/weights/zip.pth');
      await said(/names are those of no network known here/);
      assert.equal(await page.locator('[data-own-facts]').getAttribute('data-own-facts'), 'none');

      const long = put('long.pth', '');
      truncateSync(long, 700e6);
      await take(long);
      await dialog(page, 'reading').waitFor();
      await dialog(page, 'reading').getByRole('button', { name: 'Cancel' }).click();
      await dialog(page, 'idle').waitFor();

      // By keyboard: the key opens the dialog, its file field has the focus, Escape closes it.
      await page.keyboard.press('Escape');
      await dialog(page, 'idle').waitFor({ state: 'detached' });
      await page.locator('#main').focus();
      await page.keyboard.press('o');
      await dialog(page, 'idle').waitFor();
      assert.ok(await page.evaluate(() => document.activeElement?.hasAttribute('data-own-files')));
      await page.keyboard.press('Escape');
      await dialog(page, 'idle').waitFor({ state: 'detached' });
      await values(page).waitFor({ timeout: 60_000 });
      assert.deepEqual(ctx.troubles, []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  { timeout: 120_000 },
);

test(
  'own: files are dropped anywhere, on a phone, in Chinese',
  async (ctx) => {
    const options = { width: 390, height: 844, scheme: 'dark' } as const;
    const page = await openInspector(ctx, '?m=vit-tiny&device=wasm&pane=tensor', '/zh/inspector/', options);
    const config = JSON.stringify({
      num_attention_heads: 2,
      hidden_act: 'gelu',
      id2label: { 0: '猫', 1: '狗', 2: '猫头鹰' },
    });
    const bytes = [...readFileSync(PTH)];
    // The menu with the picture is open, which takes pictures that are dropped: weights are none of its.
    await page.locator('[data-menu="run"] summary').click();
    await page.locator('[data-run]').waitFor();
    await page.evaluate(
      ([weights, description]) => {
        const carried = new DataTransfer();
        carried.items.add(new File([new Uint8Array(weights)], 'pytorch_model.bin'));
        carried.items.add(new File([description], 'config.json', { type: 'application/json' }));
        const event = (type: string) =>
          new DragEvent(type, { dataTransfer: carried, bubbles: true, cancelable: true });
        document.body.dispatchEvent(event('dragenter'));
        document.body.dispatchEvent(event('dragover'));
        document.body.dispatchEvent(event('drop'));
      },
      [bytes, config] as const,
    );
    await dialog(page, 'examined').waitFor();
    assert.equal(await page.locator('.over').count(), 0);
    assert.equal(await page.locator('[data-run] [role="alert"]').count(), 0);
    assert.equal(await field(page, 'heads').getAttribute('data-origin'), 'told');
    assert.match((await field(page, 'heads').textContent()) ?? '', /来自 config\.json/);
    const wide = await page.locator('[data-own-dialog]').evaluate((d) => d.scrollWidth - d.clientWidth);
    assert.ok(wide <= 0, `the dialog is ${wide} px too wide`);
    // A select shows its choice whole.
    await page.locator('#own-blockNorm').waitFor();
    assert.deepEqual(await cutSelects(page), []);
    await page.locator('[data-own-open]').click();
    const first = page.locator('[data-own-answer] li').first();
    await first.waitFor({ timeout: 60_000 });
    assert.match((await first.textContent()) ?? '', /猫|狗/);
    assert.deepEqual(ctx.troubles, []);
  },
  { timeout: 90_000 },
);
