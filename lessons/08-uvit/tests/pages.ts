import type { PagesToLookAt } from '#tests/e2e/pages.ts';

export default {
  tensors: [{ chip: 'tokens', query: 'n=5&k=2' }],
} satisfies PagesToLookAt;
