import type { PagesToLookAt } from '#tests/e2e/pages.ts';

export default {
  also: ['view=cut&part=start', 'view=cut&part=count', 'view=ways&how=pairs', 'view=ways&how=cost'],
  tensors: [{ chip: 'patch_embed' }],
} satisfies PagesToLookAt;
