import type { PagesToLookAt } from '#tests/e2e/pages.ts';

export default {
  also: [
    'view=queries&look=self',
    'view=queries&look=steps',
    'view=boxes&part=encoder',
    'view=match&match=steps&ms=3',
    'view=match&match=loss',
    'view=twice&nms=on',
    'view=break&change=equal',
    'view=table&sheet=stems',
  ],
  tensors: [{ chip: 'memory' }],
} satisfies PagesToLookAt;
