import type { GlossaryEntry } from '#lib/notebook/types.ts';

/** Terms of the steps that the `twin` views belong to. */
export const twinTerms: Record<string, GlossaryEntry> = {
  'held-out-pair': {
    term: { en: 'held-out pair', zh: '留出的组合（held-out pair）' },
    meaning: {
      en: 'A sign in a drawing style that training never showed, though it showed the sign in other styles, and the style with other signs.',
      zh: '训练中从未出现的“图标与风格”的组合：这个图标以其他风格出现过，这种风格也用在其他图标上。',
    },
  },
  fid: {
    term: { en: 'FID', zh: 'FID（Fréchet inception distance）' },
    meaning: {
      en: 'How far the features of painted pictures lie from those of real ones, both taken as normal distributions; lower is better. It depends on the number of pictures and on the network that makes the features.',
      zh: '把生成图片与真实图片的特征各看成一个正态分布，两个分布之间的距离；越低越好。它与图片的数量和提取特征的网络有关。',
    },
  },
};
