import type { PagesToLookAt } from '#tests/e2e/pages.ts';

export default {
  also: ['heads', 'matrix', 'cell', 'far', 'compare', 'break', 'cost'].map((view) => `view=${view}`),
} satisfies PagesToLookAt;
