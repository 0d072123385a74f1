import type { Text } from '../i18n/index.ts';
import { lessons } from '../lesson/catalogue.ts';

/** A place on the map of lessons. Without a slug the lesson is in preparation. */
export interface Place {
  readonly number: number;
  readonly part: 1 | 2;
  readonly short: Text;
  readonly question: Text;
  readonly slug?: string;
  readonly minutes?: number;
}

/** What the nine lessons ask. A lesson that exists speaks for itself and takes its own place. */
const PLAN: readonly Omit<Place, 'slug' | 'minutes'>[] = [
  {
    number: 1,
    part: 1,
    short: { en: 'Patches', zh: '图像块' },
    question: { en: 'How does a picture become a sequence?', zh: '一张图片怎样变成一串序列？' },
  },
  {
    number: 2,
    part: 1,
    short: { en: 'Tokens', zh: '词元' },
    question: {
      en: 'How does a transformer know where a patch was?',
      zh: 'Transformer 怎么知道每个图像块原来在哪里？',
    },
  },
  {
    number: 3,
    part: 1,
    short: { en: 'Attention', zh: '注意力' },
    question: { en: 'Where does a patch look?', zh: '一个图像块在看哪里？' },
  },
  {
    number: 4,
    part: 1,
    short: { en: 'Block', zh: '编码块' },
    question: { en: 'What happens between two attentions?', zh: '两次注意力之间发生了什么？' },
  },
  {
    number: 5,
    part: 1,
    short: { en: 'Answer', zh: '读出答案' },
    question: { en: 'How do all the tokens become one word?', zh: '这么多词元怎样变成一个词？' },
  },
  {
    number: 6,
    part: 2,
    short: { en: 'Noise', zh: '加噪' },
    question: { en: 'What does noise leave of a picture?', zh: '噪声之后，图片还剩下什么？' },
  },
  {
    number: 7,
    part: 2,
    short: { en: 'Denoise', zh: '去噪' },
    question: { en: 'How does a picture come out of noise?', zh: '图片怎样从噪声里走出来？' },
  },
  {
    number: 8,
    part: 2,
    short: { en: 'U-ViT', zh: 'U-ViT' },
    question: { en: 'What if everything is a token?', zh: '如果一切都是词元？' },
  },
  {
    number: 9,
    part: 2,
    short: { en: 'DiT', zh: 'DiT' },
    question: { en: 'How else can time get in?', zh: '时间还能怎样进入网络？' },
  },
];

/** The nine places in order, then any further lesson that exists. */
export const places: readonly Place[] = [
  ...PLAN.map((place) => {
    const found = lessons.find((l) => l.title.number === place.number);
    if (!found) return place;
    const { short, title, minutes } = found.title;
    return { ...place, short, question: title, minutes, slug: found.slug };
  }),
  ...lessons
    .filter((l) => l.title.number > PLAN.length)
    .map(({ slug, title }) => ({
      number: title.number,
      part: title.part === 1 ? (1 as const) : (2 as const),
      short: title.short,
      question: title.title,
      minutes: title.minutes,
      slug,
    })),
];
