import type { PagesToLookAt } from '#tests/e2e/pages.ts';

export default {
  tensors: [{ chip: 'text.embedding' }],
} satisfies PagesToLookAt;
