import type { PagesToLookAt } from '#tests/e2e/pages.ts';

// Few steps, so that every view comes to rest soon.
export default {
  with: 'n=3',
  also: [
    'view=latent&add=2&sign=1F410',
    'view=lost&loss=factors',
    'view=scale&set=signs',
    'view=break&brk=noise&k=2',
    'view=break&brk=state',
    'view=break&brk=skips',
  ],
  tensors: [{ chip: 'mean', query: 'view=latent&net=autoencoder' }],
} satisfies PagesToLookAt;
