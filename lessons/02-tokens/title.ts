import type { Title } from '#lib/notebook/types.ts';

/** What menus and the map say of the lesson. */
export default {
  number: 2,
  part: 1,
  short: { en: 'Tokens', zh: '词元' },
  title: {
    en: 'How does a transformer know where a patch was?',
    zh: 'Transformer 怎么知道图像块原来在哪里？',
  },
  minutes: 25,
} satisfies Title;
