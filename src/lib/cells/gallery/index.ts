import type { Lang, Text } from '#lib/base/lang.ts';

/** A notebook of the gallery: opened, it is a copy of the reader's own. */
export interface GalleryBook {
  readonly id: string;
  readonly title: Text;
  /** One sentence: the question it asks. */
  readonly about: Text;
  /** Fetches its cells. */
  readonly load: () => Promise<{ readonly cells: Readonly<Record<Lang, readonly string[]>> }>;
}

/** Ten notebooks that go on where the lessons end. */
export const GALLERY: readonly GalleryBook[] = [
  {
    id: 'rollout',
    title: { en: 'Attention rollout against occlusion', zh: '注意力展开（rollout）与遮挡' },
    about: {
      en: 'Does the model need what it looks at? Two maps of one picture, and how alike they are.',
      zh: '模型看的地方，就是它需要的地方吗？同一张图片的两张图，看它们有多像。',
    },
    load: () => import('./rollout.ts'),
  },
  {
    id: 'ear',
    title: { en: 'Which head finds the dog’s ear?', zh: '哪个头找到了狗耳朵？' },
    about: {
      en: 'All heads are ranked by how much they look into a box, and the first is switched off.',
      zh: '按各个头看进一个方框的多少排序，再关掉排第一的头。',
    },
    load: () => import('./ear.ts'),
  },
  {
    id: 'schedules',
    title: { en: 'Noise schedules of your own', zh: '自己的噪声调度' },
    about: {
      en: 'Write how fast noise grows, and compare it with the two schedules of the papers, in numbers and on a picture.',
      zh: '写出噪声增长的快慢，与论文里的两种调度比较，既看数值也看图片。',
    },
    load: () => import('./schedules.ts'),
  },
  {
    id: 'sampler',
    title: { en: 'A sampler of your own', zh: '自己的采样器' },
    about: {
      en: 'The loop around a real denoiser, with a step that you write, held against the step of lesson 7.',
      zh: '围绕真实的去噪网络写采样循环，其中一步由你来写，并与第 7 课的那一步比较。',
    },
    load: () => import('./sampler.ts'),
  },
  {
    id: 'colours',
    title: { en: 'Tokens as colours', zh: '把词元变成颜色' },
    about: {
      en: 'The three principal components of the tokens, painted red, green and blue: what belongs together looks alike.',
      zh: '把词元的前三个主成分画成红、绿、蓝：属于同一个东西的地方，颜色也相近。',
    },
    load: () => import('./colours.ts'),
  },
  {
    id: 'sizes',
    title: { en: 'Patch size against confidence', zh: '图像块边长与把握' },
    about: {
      en: 'Thirty-six pictures at four patch sizes: do smaller patches make the model surer, and surer of the right thing?',
      zh: '三十六张图片，四种图像块边长：图像块越小，模型是不是越有把握，而且越有把握地说对？',
    },
    load: () => import('./sizes.ts'),
  },
  {
    id: 'probe',
    title: { en: 'A linear probe, trained here', zh: '在页面里训练线性探针' },
    about: {
      en: 'At what depth can a straight cut tell animals from other things?',
      zh: '到第几层，一刀就能把动物和其他东西分开？',
    },
    load: () => import('./probe.ts'),
  },
  {
    id: 'attack',
    title: { en: 'An adversarial patch by random search', zh: '用随机搜索找对抗贴片' },
    about: {
      en: 'A small square of colours is changed at random as long as the model becomes less sure of the dog.',
      zh: '随机改动一小片彩色方格，只要模型对“狗”的把握变小就保留。',
    },
    load: () => import('./attack.ts'),
  },
  {
    id: 'words',
    title: { en: 'Arithmetic with words', zh: '词的加减法' },
    about: {
      en: 'A word minus a word plus a word: what does the text tower have near the result?',
      zh: '一个词减去一个词再加上一个词：结果附近，文本塔里有什么？',
    },
    load: () => import('./words.ts'),
  },
  {
    id: 'figure',
    title: { en: 'A figure for a paper', zh: '为论文画一张图' },
    about: {
      en: 'How far every head looks, by depth, with axes, a caption and a file that can be saved.',
      zh: '随深度看每个头看得多远，带坐标轴和图注，可以存成文件。',
    },
    load: () => import('./figure.ts'),
  },
];
