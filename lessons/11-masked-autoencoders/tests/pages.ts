import type { PagesToLookAt } from '#tests/e2e/pages.ts';

export default {
  tensors: [{ chip: 'visible' }],
} satisfies PagesToLookAt;
