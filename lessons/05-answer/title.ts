import type { Title } from '#lib/notebook/types.ts';

/** What menus and the map say of the lesson. */
export default {
  number: 5,
  part: 1,
  short: { en: 'Answer', zh: '读出答案' },
  title: { en: 'How do 197 tokens become one word?', zh: '197 个词元怎样变成一个词？' },
  minutes: 30,
} satisfies Title;
