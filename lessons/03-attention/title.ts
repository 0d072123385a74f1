import type { Title } from '#lib/notebook/types.ts';

/** What menus and the map say of the lesson. */
export default {
  number: 3,
  part: 1,
  short: { en: 'Attention', zh: '注意力' },
  title: { en: 'Where does a patch look?', zh: '一个图像块在看哪里？' },
  minutes: 30,
} satisfies Title;
