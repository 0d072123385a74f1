import type { Title } from '#lib/notebook/types.ts';

/** What menus and the map say of the lesson. */
export default {
  number: 6,
  part: 2,
  short: { en: 'Noise', zh: '加噪' },
  title: { en: 'How do you destroy a picture, exactly?', zh: '怎样精确地毁掉一张图片？' },
  minutes: 25,
} satisfies Title;
