import type { PagesToLookAt } from '#tests/e2e/pages.ts';

export default {
  also: ['view=filters&show=twice', 'view=cls&read=mean'],
} satisfies PagesToLookAt;
