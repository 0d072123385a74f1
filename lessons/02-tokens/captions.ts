import type { Text } from '#lib/base/lang.ts';

/** What the colours over the picture mean. */
export const CAPTIONS = {
  feature: (k: number): Text => ({
    en: `What filter ${k} answers at every patch`,
    zh: `${k} 号滤波器在每个图像块上的响应`,
  }),
  component: (c: number): Text => ({
    en: `How much of component ${c} each patch holds`,
    zh: `每个图像块中第 ${c} 主成分的大小`,
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
    zh: `${n} 号图像块看向哪里：第 ${block} 层的第 ${head} 个头`,
  }),
  gathered: (block: number): Text => ({
    en: `How CLS weighs the patches in block ${block}, mean of the heads`,
    zh: `第 ${block} 层中 CLS 给各图像块的权重（各头平均）`,
  }),
  mean: (count: number): Text => ({
    en: `The mean weighs all ${count} patches alike`,
    zh: `取平均时，${count} 个图像块权重相同`,
  }),
} as const;
