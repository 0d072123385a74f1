import type { PagesToLookAt } from '#tests/e2e/pages.ts';

export default {
  // A few steps and one call a step, also of the reference of a thousand, so that the page comes to rest.
  with: 'n=5&w=1',
  tensors: [{ chip: 'prediction', query: 'n=5&k=3' }],
} satisfies PagesToLookAt;
