import type { Title } from '#lib/notebook/types.ts';

/** What menus and the map say of the lesson. */
export default {
  number: 16,
  part: 3,
  short: { en: 'Codes', zh: '码字' },
  title: { en: 'Can a picture be written like a sentence?', zh: '图片能像句子一样写出来吗？' },
  minutes: 60,
} satisfies Title;
