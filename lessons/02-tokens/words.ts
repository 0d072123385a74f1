import type { Text } from '#lib/base/lang.ts';

/** Names on the strip. */
export const TITLES: Readonly<Record<string, Text>> = {
  x: { en: 'picture', zh: '图片' },
  patches: { en: 'patches', zh: '图像块' },
  patch_embed: { en: 'embedded', zh: '嵌入' },
  pos_added: { en: 'with positions', zh: '加上位置' },
  tokens: { en: 'with CLS', zh: '加上 CLS' },
  probs: { en: 'answer', zh: '答案' },
};

/** The tensor each step speaks of. */
export const LIT: Readonly<Record<string, string>> = {
  question: 'patches',
  matrix: 'patch_embed',
  answers: 'patch_embed',
  components: 'patch_embed',
  convolution: 'patch_embed',
  cls: 'tokens',
  mean: 'probs',
  positions: 'pos_added',
  written: 'pos_added',
  grid: 'pos_added',
  off: 'pos_added',
  shuffle: 'tokens',
  ladder: 'tokens',
  end: 'tokens',
};

/** What the colours over the picture mean. */
export const CAPTIONS = {
  feature: (k: number): Text => ({
    en: `What filter ${k} answers at every patch`,
    zh: `${k} 号滤波器在每个图像块上的响应`,
  }),
  component: (c: number): Text => ({
    en: `How much of component ${c} each patch holds`,
    zh: `每个图像块含有多少 ${c} 号主成分`,
  }),
  near: (n: number): Text => ({
    en: `Cosine of position ${n} with every other`,
    zh: `${n} 号位置与其他各位置的余弦相似度`,
  }),
  position: (f: number): Text => ({
    en: `Feature ${f} of the position table`,
    zh: `位置编码表的第 ${f} 个特征`,
  }),
  look: (n: number, block: number, head: number): Text => ({
    en: `Where patch ${n} looks: block ${block}, head ${head}`,
    zh: `${n} 号图像块看向哪里：块 ${block}，头 ${head}`,
  }),
  gathered: (block: number): Text => ({
    en: `How CLS weighs the patches in block ${block}, mean of the heads`,
    zh: `块 ${block} 中 CLS 给各图像块的权重（各头平均）`,
  }),
  mean: (count: number): Text => ({
    en: `The mean weighs all ${count} patches alike`,
    zh: `取平均时，${count} 个图像块权重相同`,
  }),
  here: {
    en: 'Computed in this page from the picture, by the rule the graph uses. It needs no model.',
    zh: '由本页按照计算图里的同一规则直接从图片算出，不需要模型。',
  } satisfies Text,
} as const;
