import type { PagesToLookAt } from '#tests/e2e/pages.ts';

export default {
  // A few steps, so that the page comes to rest.
  with: 'n=5',
  tensors: [{ chip: 'prediction', query: 'n=5&k=3' }],
} satisfies PagesToLookAt;
