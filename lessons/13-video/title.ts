import type { Title } from '#lib/notebook/types.ts';

/** What menus and the map say of the lesson. */
export default {
  number: 13,
  part: 3,
  short: { en: 'Video', zh: '视频' },
  title: { en: 'How does time become tokens?', zh: '时间怎样变成词元？' },
  minutes: 40,
} satisfies Title;
