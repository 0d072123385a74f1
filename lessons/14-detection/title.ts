import type { Title } from '#lib/notebook/types.ts';

/** What menus and the map say of the lesson. */
export default {
  number: 14,
  part: 3,
  short: { en: 'Detection', zh: '目标检测' },
  title: { en: 'How can a picture be a set?', zh: '怎样把一张图看成一个集合？' },
  minutes: 50,
} satisfies Title;
