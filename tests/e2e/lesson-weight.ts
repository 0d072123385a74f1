import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { byKind, PAGE_LIMIT, weigh } from '../bench/weight.ts';

/** Opens a lesson and weighs it. Its address is the Chinese one, which takes more bytes than the English. */
export async function holdsItsWeight(page: Page, url: string): Promise<void> {
  // The photo that a model looks at is apart, as the model is: another one comes with any other choice.
  const files = (await weigh(page, url)).filter(({ path }) => !/\/pictures\/[^/]+\.webp$/.test(path));
  const { total, kinds } = byKind(files);
  assert.ok(total > 200_000, 'not everything was weighed');
  assert.ok(
    total <= PAGE_LIMIT,
    `${total} bytes: ${kinds.map(([kind, bytes]) => `${kind} ${bytes}`).join(', ')}`,
  );
  const whole = files.filter((f) => f.kind === 'fonts' && !/-core\.[^/]*woff2$/.test(f.path));
  assert.deepEqual(
    whole.map((f) => f.path),
    [],
    'a character beyond the cores fetches a whole typeface',
  );
}
