import { describe } from '#lib/graph/index.ts';
import { ATTENTION_DEFAULTS } from '#lib/models/bare-attention/config.ts';
import { FAMILY } from '#lib/models/bare-attention/family.ts';
import { buildGraph, know } from '#lib/models/registry.ts';
import { are, otherOrder, type Mistake } from '#lib/notebook/mistakes.ts';
import { DRAWN, type Drawn } from './kind-names.ts';

know(FAMILY);

/** A grid of tokens, its windows and the width of its one head. */
export interface CostCase {
  readonly grid: number;
  readonly window: number;
  readonly headDim: number;
}

/** What is asked; in none of them do two of the three costs agree. */
export const COST_CASES: readonly CostCase[] = [
  { grid: 8, window: 2, headDim: 16 },
  { grid: 8, window: 4, headDim: 8 },
  { grid: 12, window: 4, headDim: 32 },
  { grid: 16, window: 4, headDim: 32 },
  { grid: 16, window: 8, headDim: 16 },
];

/** Multiply-adds of the two products of one head of attention, from its graph. */
function products(kind: Drawn, { grid, window, headDim }: CostCase): number {
  const config = { ...ATTENTION_DEFAULTS, kind, heads: 1, grid, window, headDim };
  const { tensors } = describe(buildGraph({ architecture: 'bare-attention', config }));
  return tensors.reduce((sum, { name, macs }) => (name === 'normaliser' ? sum : sum + macs), 0);
}

/** What the three ways to look multiply, in the order of `DRAWN`, and the usual ways to miss it. */
export function costTask(asked: CostCase): {
  readonly macs: readonly number[];
  readonly mistakes: readonly Mistake[];
} {
  const macs = DRAWN.map((kind) => products(kind, asked));
  const tokens = asked.grid ** 2;
  return {
    macs,
    mistakes: [
      otherOrder(macs),
      {
        when: (given) =>
          are(
            given,
            macs.map((n) => n / 2),
          ),
        say: {
          en: 'That is one product of each. There are two: one for the weights (or the small matrix), one for the values (or the query).',
          zh: '这只是其中一个乘积。每种方式都有两个：一个求权重（或那个小矩阵），另一个乘以值（或查询）。',
        },
      },
      {
        when: (given) =>
          are(
            given,
            macs.map((n) => n / asked.headDim),
          ),
        say: {
          en: 'You have counted pairs. Each pair is a dot product of as many numbers as the head is wide.',
          zh: '你数的是词元对数。每一对都是一次点积，相乘的次数等于头的宽度。',
        },
      },
      {
        when: ([, given]) => given === macs[1]! / (tokens / asked.window ** 2),
        say: {
          en: 'The second number is one window. All windows of the grid are computed.',
          zh: '第二个数只算了一个窗口。网格里的所有窗口都要计算。',
        },
      },
      {
        when: ([, given]) => given === 2 * tokens * asked.window * asked.headDim,
        say: {
          en: 'The second number takes one side of a window. A window of M × M holds M² tokens.',
          zh: '第二个数只用了窗口的一条边。M × M 的窗口里有 M² 个词元。',
        },
      },
      {
        when: ([, , given]) => given === macs[0],
        say: {
          en: 'The third number is the order (QKᵀ)V. Linear attention multiplies keys and values first; no pair of tokens is ever made.',
          zh: '第三个数是按 (QKᵀ)V 的顺序算的。线性注意力先乘键和值，从不计算词元对。',
        },
      },
    ],
  };
}
