import assert from 'node:assert/strict';
import { test } from './harness.ts';
import { tensorIs } from './inspector.ts';

/**
 * A newcomer's path: which tensor is this number from? One figure of each lesson with a
 * network (lesson 6 has none: its drawer says by which formula). `chip` is the tensor's name in the
 * shape strip; without it the chip that is lit, else the first one.
 */
const LESSONS: readonly { readonly slug: string; readonly chip?: string }[] = [
  { slug: '01-patches', chip: 'tokens' },
  { slug: '02-tokens' },
  { slug: '03-attention' },
  { slug: '04-block' },
  { slug: '05-answer' },
  { slug: '07-denoise', chip: 'prediction' },
  { slug: '08-uvit', chip: 'tokens' },
  { slug: '09-dit', chip: 'tokens' },
];

for (const { slug, chip } of LESSONS) {
  test(`which tensor is this number from: from ${slug} in two clicks`, async (ctx) => {
    const page = await ctx.page();
    await page.goto(ctx.url(`/en/${slug}/?v=1&device=wasm`));
    const chips = page.locator('.strip [data-tensor]');
    await chips.first().waitFor();
    const names = await chips.evaluateAll((list) =>
      list.map((e) => ({
        name: e.getAttribute('data-tensor') ?? '',
        lit: e.matches('.lit, .current, [aria-current]'),
      })),
    );
    const name = chip ?? (names.find((c) => c.lit) ?? names[0])?.name ?? '';
    // Before the page's scripts run a press does nothing: it is repeated until it answers, and counts once.
    const drawer = page.locator(`[data-drawer="${name}"]`);
    for (let i = 0; i < 10 && (await drawer.count()) === 0; i++) {
      await page.locator(`.strip [data-tensor="${name}"]`).first().click();
      await drawer.waitFor({ timeout: 2000 }).catch(() => undefined);
    }
    await page.locator('[data-inspect]').first().click();
    await page.waitForURL('**/en/inspector/**');
    await page.locator('[data-ready] [data-tensor-pane]').waitFor();
    await tensorIs(page, new URL(page.url()).searchParams.get('t') ?? name);
    assert.equal(
      await page.locator('[data-link-note]').count(),
      0,
      'the inspector knows what the lesson names',
    );
  });
}
