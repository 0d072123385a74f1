import type { Title } from '#lib/notebook/types.ts';

/** What menus and the map say of the lesson. */
export default {
  number: 9,
  part: 2,
  short: { en: 'DiT', zh: 'DiT' },
  title: { en: 'Tokens or modulation?', zh: '做成词元，还是用来调制？' },
  minutes: 20,
} satisfies Title;
