import type { Lang } from '#lib/base/lang.ts';

/** What one step along a dimension is called, in the singular and the plural. */
interface DimName {
  readonly en: readonly [one: string, many: string];
  readonly zh: string;
}

const NAMES: Readonly<Record<string, DimName>> = {
  B: { en: ['picture', 'pictures'], zh: '图片' },
  S: { en: ['text', 'texts'], zh: '文本' },
  E: { en: ['embedding value', 'embedding values'], zh: '嵌入分量' },
  C: { en: ['channel', 'channels'], zh: '通道' },
  H: { en: ['row', 'rows'], zh: '行' },
  W: { en: ['column', 'columns'], zh: '列' },
  N: { en: ['patch', 'patches'], zh: '图像块' },
  T: { en: ['token', 'tokens'], zh: '词元' },
  L: { en: ['token', 'tokens'], zh: '词元' },
  P: { en: ['patch value', 'patch values'], zh: '像素值' },
  D: { en: ['feature', 'features'], zh: '特征' },
  d: { en: ['head feature', 'head features'], zh: '头内特征' },
  M: { en: ['hidden unit', 'hidden units'], zh: '隐藏单元' },
  V: { en: ['visible patch', 'visible patches'], zh: '可见图像块' },
  F: { en: ['frequency value', 'frequency values'], zh: '频率分量' },
  depth: { en: ['block', 'blocks'], zh: '层' },
  '2D': { en: ['joined feature', 'joined features'], zh: '拼接特征' },
  '6D': { en: ['shift, scale, gate value', 'shift, scale, gate values'], zh: '平移、缩放、门控分量' },
  '3D': { en: ['q, k, v feature', 'q, k, v features'], zh: 'q、k、v 特征' },
  h: { en: ['head', 'heads'], zh: '头' },
  K: { en: ['class', 'classes'], zh: '类别' },
  p: { en: ['pixel', 'pixels'], zh: '像素' },
  w: { en: ['window', 'windows'], zh: '窗口' },
  n: { en: ['token of a window', 'tokens of a window'], zh: '窗口内词元' },
  '4D': { en: ['merged feature', 'merged features'], zh: '合并特征' },
  offset: { en: ['offset', 'offsets'], zh: '相对位移' },
  t: { en: ['time step', 'time steps'], zh: '时间步' },
  f: { en: ['frame', 'frames'], zh: '帧' },
  s: { en: ['place', 'places'], zh: '位置' },
};

/** The name of one step along a dimension (`h` → “head”); an unknown symbol names itself. */
export function dimName(dim: string, lang: Lang): string {
  const name = NAMES[dim];
  return name ? (lang === 'zh' ? name.zh : name.en[0]) : dim;
}

/** A count along a dimension in words: “196 patches”, “196 个图像块”. */
export function dimCount(dim: string, size: number, lang: Lang): string {
  const name = NAMES[dim];
  // Rows, columns and blocks are measures themselves.
  if (lang === 'zh')
    return `${size} ${/^(?:[HWf]|depth)$/.test(dim) ? '' : '个'}${name?.zh ?? (dim || '值')}`;
  return `${size} ${name ? name.en[size === 1 ? 0 : 1] : dim || 'values'}`;
}

/** A whole shape in words, for a reader who hears the page: “196 patches by 768 patch values”. */
export function shapeInWords(shape: readonly number[], dims: readonly string[], lang: Lang): string {
  const parts = shape.map((n, i) => dimCount(dims[i] ?? '', n, lang));
  if (parts.length === 0) return lang === 'zh' ? '一个数' : 'one number';
  return parts.join(lang === 'zh' ? '乘' : ' by ');
}
