import type { PagesToLookAt } from '#tests/e2e/pages.ts';

export default {
  also: ['tokens', 'time', 'listen', 'look', 'skips', 'ways', 'change', 'cost', 'unet'].map(
    (view) => `view=${view}`,
  ),
  tensors: [{ chip: 'tokens', query: 'n=5&k=2' }],
} satisfies PagesToLookAt;
