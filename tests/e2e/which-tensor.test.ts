import assert from 'node:assert/strict';
import { test } from './harness.ts';
import { tensorIs } from './inspector.ts';
import { openLesson } from './lesson.ts';

/**
 * A newcomer's path: which tensor is this number from? One figure of each lesson. `chip` is the tensor's name in the
 * shape strip; without it the chip that is lit, else the first one.
 */
const LESSONS: readonly { readonly slug: string; readonly chip?: string }[] = [
  { slug: '01-patches', chip: 'tokens' },
  { slug: '02-tokens' },
  { slug: '03-attention' },
  { slug: '04-block' },
  { slug: '05-answer' },
];

for (const { slug, chip } of LESSONS) {
  test(`which tensor is this number from: from ${slug} in three clicks at most`, async (ctx) => {
    const page = await openLesson(ctx, `/en/${slug}/`);
    const chips = page.locator('.strip [data-tensor]');
    await chips.first().waitFor();
    const names = await chips.evaluateAll((list) =>
      list.map((e) => ({
        name: e.getAttribute('data-tensor') ?? '',
        lit: e.matches('.lit, .current, [aria-current]'),
      })),
    );
    const name = chip ?? (names.find((c) => c.lit) ?? names[0])?.name ?? '';
    let clicks = 0;
    const click = async (selector: string) => {
      clicks++;
      await page.locator(selector).first().click();
    };
    await click(`.strip [data-tensor="${name}"]`);
    await click('[data-inspect]');
    await page.waitForURL('**/en/inspector/**');
    await page.locator('[data-ready] [data-tensor-pane]').waitFor();
    await tensorIs(page, new URL(page.url()).searchParams.get('t') ?? name);
    assert.equal(
      await page.locator('[data-link-note]').count(),
      0,
      'the inspector knows what the lesson names',
    );
    assert.ok(clicks <= 3);
  });
}
