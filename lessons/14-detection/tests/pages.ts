import type { PagesToLookAt } from '#tests/e2e/pages.ts';

export default {
  also: ['view=queries&look=self', 'view=queries&look=steps', 'view=boxes&part=encoder'],
  tensors: [{ chip: 'memory' }],
} satisfies PagesToLookAt;
