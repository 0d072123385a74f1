import type { Text } from '#lib/base/lang.ts';
import { familyOf, graphOf, inputsOf, type Blueprint } from '#lib/models/registry.ts';

/**
 * What a lesson needs of a network beside blocks of attention: a head with classes, one matrix that embeds patches,
 * norms that stand before attention and MLP.
 */
export type Need = 'classes' | 'embedding' | 'norm-first';

/** Attention of every token to every token, by block. */
const ATTENTION = /^blocks\.(\d+)\.attn\.probs$/;

const REASONS = {
  input: {
    en: 'It is fed something else than one picture',
    zh: '它的输入不是一张图片',
  },
  attention: {
    en: 'It has no blocks in which each token of the picture looks at all others',
    zh: '它没有让每个词元看向所有词元的注意力层',
  },
  embedding: {
    en: 'It does not embed patches of three colours with one matrix',
    zh: '它没有用一个矩阵嵌入三色图像块',
  },
  norms: {
    en: 'Its LayerNorms stand after attention and MLP',
    zh: '它的层归一化在注意力和 MLP 之后',
  },
  classes: {
    en: 'It has no head that tells classes apart',
    zh: '它没有区分类别的分类头',
  },
} as const satisfies Record<string, Text>;

/** How many blocks of attention a network has, counted from `blocks.0` on. */
export function blocksOf(of: Blueprint): number {
  const { values } = graphOf(of);
  let count = 0;
  while (values.has(`blocks.${count}.attn.probs`)) count++;
  return count;
}

/** Sizes of the patches, and of the tokens that stand before them. */
export function tokensOf(
  of: Blueprint,
): { rows: number; cols: number; prefix: number; heads: number } | undefined {
  const picture = inputsOf(of).find(({ role }) => role === 'picture');
  const { patch } = of.config as { readonly patch?: unknown };
  const probs = [...graphOf(of).values.values()].find(({ name }) => ATTENTION.test(name));
  if (!picture || typeof patch !== 'number' || probs?.shape.length !== 4) return undefined;
  const [height = 0, width = 0] = picture.shape.slice(-2);
  const [heads = 0, asking = 0, asked = 0] = probs.shape.slice(1);
  const [rows, cols] = [Math.floor(height / patch), Math.floor(width / patch)];
  const prefix = asked - rows * cols;
  return asking === asked && prefix >= 0 && rows > 0 && cols > 0 ? { rows, cols, prefix, heads } : undefined;
}

/** Why a lesson cannot show a network, as half a sentence; undefined: it can. */
export function misfit(of: Blueprint, needs: readonly Need[]): Text | undefined {
  const inputs = inputsOf(of).filter(({ role }) => role !== 'intervention');
  if (inputs.length !== 1 || inputs[0]?.role !== 'picture') return REASONS.input;
  if (blocksOf(of) === 0 || !tokensOf(of)) return REASONS.attention;
  const kernel = graphOf(of).values.get('patch_embed.proj.weight');
  if (needs.includes('embedding') && (kernel?.shape.length !== 4 || kernel.shape[1] !== 3))
    return REASONS.embedding;
  const { blockNorm } = of.config as { readonly blockNorm?: unknown };
  if (needs.includes('norm-first') && blockNorm === 'after') return REASONS.norms;
  const answer = familyOf(of.architecture).answer(of.config);
  return needs.includes('classes') && answer.kind !== 'classes' ? REASONS.classes : undefined;
}
