import type { PagesToLookAt } from '#tests/e2e/pages.ts';

export default {
  // One token's numbers stand in the diagram.
  with: 'follow=1',
} satisfies PagesToLookAt;
