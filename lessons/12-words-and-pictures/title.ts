import type { Title } from '#lib/notebook/types.ts';

/** What menus and the map say of the lesson. */
export default {
  number: 12,
  part: 3,
  short: { en: 'Words and pictures', zh: '文字与图片' },
  title: { en: 'How can words point at pictures?', zh: '文字怎样指向图片？' },
  minutes: 55,
} satisfies Title;
