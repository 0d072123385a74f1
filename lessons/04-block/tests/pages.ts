import type { PagesToLookAt } from '#tests/e2e/pages.ts';

export default {
  // One token's numbers stand in the diagram.
  with: 'follow=1',
  also: ['block', 'work', 'norm', 'gelu', 'depth', 'skip', 'order', 'maps'].map((view) => `view=${view}`),
} satisfies PagesToLookAt;
