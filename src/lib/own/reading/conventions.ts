import type { Text } from '#lib/base/lang.ts';
import { graphOf, type Blueprint } from '#lib/models/registry.ts';

/** Something that a file is taken to mean because the code whose names it has means it; no field sets it. */
interface Convention {
  /** Whether it bears on a network, by the names of its graph's values, its configuration, and its file's tensors. */
  readonly bears: (of: {
    readonly has: (pattern: RegExp) => boolean;
    readonly config: Readonly<Record<string, unknown>>;
    readonly stored: readonly string[];
  }) => boolean;
  readonly text: Text;
}

const CONVENTIONS: readonly Convention[] = [
  {
    bears: ({ stored }) => stored.some((name) => /(\.qkv|query_key_value|in_proj_weight)(\.|$)/.test(name)),
    text: {
      en: 'rows of the common matrix are queries, keys and values in this order, each head by head',
      zh: '合并矩阵的各行依次是查询、键、值，每一种再按头排列',
    },
  },
  {
    bears: ({ has }) => has(/attn\w*\.scores$/),
    text: {
      en: 'scores are divided by the square root of a head’s width',
      zh: '注意力分数除以单头维数的平方根',
    },
  },
  {
    bears: ({ has }) => has(/^cls_token$/),
    text: { en: 'CLS stands before the patches', zh: 'CLS 排在图像块之前' },
  },
  {
    bears: ({ has }) => has(/^(reg_token|registers)$/),
    text: { en: 'registers stand between CLS and the patches', zh: '寄存器词元排在 CLS 与图像块之间' },
  },
  {
    bears: ({ config }) => config.rotary === 'centred',
    text: {
      en: 'angles of rotary positions have base 100, from the patches’ centres',
      zh: '旋转位置编码以 100 为底，按图像块的中心计算',
    },
  },
  {
    bears: ({ config }) => config.rotary === 'grid',
    text: {
      en: 'angles of rotary positions have base 10000, on a grid stretched to 16 patches',
      zh: '旋转位置编码以 10000 为底，网格按 16 个图像块缩放',
    },
  },
  {
    bears: ({ has }) => has(/^patch_embed\.proj\.weight$/),
    text: {
      en: 'patches follow one another row by row, colours are red, green and blue',
      zh: '图像块逐行排列，颜色通道依次为红、绿、蓝',
    },
  },
];

/**
 * What is taken for granted of a network that was told by its file's names: no tensor tells it, nor can a field say it.
 * @param stored names of the file's tensors
 */
export function conventionsOf(of: Blueprint, stored: readonly string[]): readonly Text[] {
  const names = [...graphOf(of).values.keys()];
  const given = {
    has: (pattern: RegExp) => names.some((name) => pattern.test(name)),
    config: of.config as Readonly<Record<string, unknown>>,
    stored,
  };
  return CONVENTIONS.filter(({ bears }) => bears(given)).map(({ text }) => text);
}
