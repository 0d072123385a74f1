import type { PagesToLookAt } from '#tests/e2e/pages.ts';

export default {
  // A quarter of the tokens.
  with: 'p=16',
  tensors: [{}],
} satisfies PagesToLookAt;
