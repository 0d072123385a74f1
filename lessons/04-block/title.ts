import type { Title } from '#lib/notebook/types.ts';

/** What menus and the map say of the lesson. */
export default {
  number: 4,
  part: 1,
  short: { en: 'Block', zh: '层' },
  title: { en: 'What happens between two attentions?', zh: '两次注意力之间发生了什么？' },
  minutes: 25,
} satisfies Title;
