import type { Title } from '#lib/notebook/types.ts';

/** What menus and the map say of the lesson. */
export default {
  number: 7,
  part: 2,
  short: { en: 'Denoise', zh: '去噪' },
  title: {
    en: 'How does a network that predicts noise paint a horse?',
    zh: '只会预测噪声的网络，怎样画出一匹马？',
  },
  minutes: 35,
} satisfies Title;
