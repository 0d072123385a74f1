import type { Title } from '#lib/notebook/types.ts';

/** What menus and the map say of the lesson. */
export default {
  number: 11,
  part: 3,
  short: { en: 'Masking', zh: '掩码自编码' },
  title: { en: 'What can be left out?', zh: '可以遮住多少？' },
  minutes: 25,
} satisfies Title;
