import type { Title } from '#lib/notebook/types.ts';

/** What menus and the map say of the lesson. */
export default {
  number: 10,
  part: 3,
  short: { en: 'Cheaper', zh: '高效注意力' },
  title: { en: 'Must every token look at every token?', zh: '每个词元都要看所有词元吗？' },
  minutes: 45,
} satisfies Title;
