import type { PagesToLookAt } from '#tests/e2e/pages.ts';

export default {
  tensors: [
    { chip: 'prediction', query: 'view=pair&n=5&k=3' },
    { chip: 'label_token', query: 'view=same&net=uvit' },
    { chip: 'prediction', query: 'view=same&t=40' },
  ],
} satisfies PagesToLookAt;
