import type { Title } from '#lib/notebook/types.ts';

/** What menus and the map say of the lesson. */
export default {
  number: 1,
  part: 1,
  short: { en: 'Patches', zh: '图像块' },
  title: { en: 'How does a picture become words?', zh: '一张图片怎样变成一串“词”？' },
  minutes: 20,
} satisfies Title;
