import type { Title } from '#lib/notebook/types.ts';

/** What menus and the map say of the lesson. */
export default {
  number: 8,
  part: 2,
  short: { en: 'U-ViT', zh: 'U-ViT' },
  title: { en: 'Why treat time as a word?', zh: '为什么把时间当作一个词？' },
  minutes: 40,
} satisfies Title;
