import type { Title } from '#lib/notebook/types.ts';

/** What menus and the map say of the lesson. */
export default {
  number: 15,
  part: 3,
  short: { en: 'Latents', zh: '隐空间' },
  title: { en: 'Why paint in a smaller space?', zh: '为什么要在更小的空间里作画？' },
  minutes: 60,
} satisfies Title;
