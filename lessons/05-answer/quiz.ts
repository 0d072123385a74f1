import { VIT_DEFAULTS, vit, type ViTConfig } from '#lib/models/vit/graph.ts';
import { describe, type Description } from '#lib/graph/index.ts';
import { uniform } from '#lib/graph/seeded.ts';
import type { Text } from '#lib/base/lang.ts';

/** One question of the quiz. The answer is read from the description of the graph that the question is about. */
export interface Question {
  readonly kind: KindId;
  readonly config: ViTConfig;
  readonly text: Text;
  /** The numbers asked for: a shape without the batch, or one count. */
  readonly answer: readonly number[];
  /** Dimension names of the numbers; `#` for a count. */
  readonly dims: readonly string[];
  /** How the answer comes about, shown afterwards. */
  readonly why: Text;
}

/** Questions a round has. */
export const ROUND = 10;

interface Kind {
  /** Where the answer stands in the description. */
  answer(d: Description, c: ViTConfig): { answer: readonly number[]; dims: readonly string[] };
  text(c: ViTConfig): Text;
  why(c: ViTConfig): Text;
}

const shapeOf = (d: Description, name: string) => {
  const row = d.tensors.find((t) => t.name === name)!;
  return { answer: row.shape.slice(1), dims: row.dims.slice(1) };
};
const weightShape = (d: Description, name: string) => {
  const row = d.weights.find((w) => w.name === name)!;
  return { answer: row.shape, dims: row.dims };
};
const parametersOf = (d: Description, prefix: string) => ({
  answer: [d.weights.filter((w) => w.name.startsWith(prefix)).reduce((n, w) => n + w.parameters, 0)],
  dims: ['#'],
});
/** Sizes a reader works out on the way. */
const grid = (c: ViTConfig) => Math.floor(c.image / c.patch);
const N = (c: ViTConfig) => grid(c) ** 2;
const T = (c: ViTConfig) => N(c) + 1;
const M = (c: ViTConfig) => c.dim * c.mlpRatio;
/** The model of a question in words. */
const net = {
  en: (c: ViTConfig) =>
    `D = ${c.dim}, ${c.heads} heads, picture ${c.image} × ${c.image}, patch ${c.patch}, one CLS token`,
  zh: (c: ViTConfig) =>
    `D = ${c.dim}，${c.heads} 个头，图片 ${c.image} × ${c.image}，图像块边长 ${c.patch}，一个 CLS 词元`,
};

const KINDS = {
  patches: {
    answer: (d) => shapeOf(d, 'patches'),
    text: (c) => ({
      en: `A colour picture of ${c.image} × ${c.image} pixels, patch size ${c.patch}. What is the shape of \`patches\`?`,
      zh: `一张 ${c.image} × ${c.image} 的彩色图片，图像块边长 ${c.patch}。\`patches\` 是什么形状？`,
    }),
    why: (c) => ({
      en: `${grid(c)} × ${grid(c)} = ${N(c)} patches of ${c.channels} × ${c.patch} × ${c.patch} numbers.`,
      zh: `${grid(c)} × ${grid(c)} = ${N(c)} 个图像块，每个 ${c.channels} × ${c.patch} × ${c.patch} 个数。`,
    }),
  },
  tokens: {
    answer: (d) => shapeOf(d, 'tokens'),
    text: (c) => ({
      en: `${net.en(c)}. What is the shape of the tokens that enter block 0?`,
      zh: `${net.zh(c)}。第 0 层输入的词元是什么形状？`,
    }),
    why: (c) => ({
      en: `${N(c)} patches and CLS, each ${c.dim} wide.`,
      zh: `${N(c)} 个图像块加上 CLS，每个宽 ${c.dim}。`,
    }),
  },
  head: {
    answer: (d) => shapeOf(d, 'blocks.0.attn.q'),
    text: (c) => ({
      en: `${net.en(c)}. What is the shape of the queries of one layer, head by head?`,
      zh: `${net.zh(c)}。一层的查询按头分开后，是什么形状？`,
    }),
    why: (c) => ({
      en: `A head is ${c.dim} ÷ ${c.heads} = ${c.dim / c.heads} wide; every head has all ${T(c)} tokens.`,
      zh: `每个头宽 ${c.dim} ÷ ${c.heads} = ${c.dim / c.heads}；每个头都有全部 ${T(c)} 个词元。`,
    }),
  },
  scores: {
    answer: (d) => shapeOf(d, 'blocks.0.attn.scores'),
    text: (c) => ({
      en: `${net.en(c)}. What is the shape of one layer's attention scores?`,
      zh: `${net.zh(c)}。一层的注意力分数是什么形状？`,
    }),
    why: (c) => ({
      en: `Each of ${c.heads} heads scores every pair of ${T(c)} tokens. D does not appear.`,
      zh: `${c.heads} 个头，每个头给 ${T(c)} 个词元两两打分。D 不出现。`,
    }),
  },
  qkv: {
    answer: (d) => weightShape(d, 'blocks.0.attn.qkv.weight'),
    text: (c) => ({
      en: `D = ${c.dim}, ${c.heads} heads. What is the shape of \`attn.qkv.weight\`, output first?`,
      zh: `D = ${c.dim}，${c.heads} 个头。\`attn.qkv.weight\` 是什么形状（输出在前）？`,
    }),
    why: (c) => ({
      en: `Query, key and value together: 3 × ${c.dim} rows, each reads ${c.dim} features. The number of heads changes nothing.`,
      zh: `查询、键、值合在一起：3 × ${c.dim} 行，每行读 ${c.dim} 个特征。头数不影响它。`,
    }),
  },
  hidden: {
    answer: (d) => shapeOf(d, 'blocks.0.mlp.fc1'),
    text: (c) => ({
      en: `${net.en(c)}, MLP ratio ${c.mlpRatio}. What is the shape of the hidden layer \`mlp.fc1\`?`,
      zh: `${net.zh(c)}，MLP 比例 ${c.mlpRatio}。隐藏层 \`mlp.fc1\` 是什么形状？`,
    }),
    why: (c) => ({
      en: `${T(c)} tokens, each ${c.mlpRatio} × ${c.dim} = ${M(c)} wide.`,
      zh: `${T(c)} 个词元，每个宽 ${c.mlpRatio} × ${c.dim} = ${M(c)}。`,
    }),
  },
  readout: {
    answer: (d) => weightShape(d, 'head.weight'),
    text: (c) => ({
      en: `D = ${c.dim}, ${c.classes} classes, ${T(c)} tokens. What is the shape of \`head.weight\`, output first?`,
      zh: `D = ${c.dim}，${c.classes} 个类别，${T(c)} 个词元。\`head.weight\` 是什么形状（输出在前）？`,
    }),
    why: (c) => ({
      en: `One row of ${c.dim} weights per class. The head sees one token, so ${T(c)} does not appear.`,
      zh: `每个类别一行，${c.dim} 个权重。分类头只看一个词元，所以 ${T(c)} 不出现。`,
    }),
  },
  embedding: {
    answer: (d) => parametersOf(d, 'patch_embed.'),
    text: (c) => ({
      en: `D = ${c.dim}, patch size ${c.patch}, ${c.channels} channels. How many parameters has the patch projection, bias included?`,
      zh: `D = ${c.dim}，图像块边长 ${c.patch}，${c.channels} 个通道。图像块投影有多少个参数（含偏置）？`,
    }),
    why: (c) => ({
      en: `${c.channels} × ${c.patch} × ${c.patch} × ${c.dim} weights and ${c.dim} biases.`,
      zh: `${c.channels} × ${c.patch} × ${c.patch} × ${c.dim} 个权重，加 ${c.dim} 个偏置。`,
    }),
  },
  positions: {
    answer: (d) => parametersOf(d, 'pos_embed'),
    text: (c) => ({
      en: `${net.en(c)}; CLS has a position too. How many numbers has the learned position table?`,
      zh: `${net.zh(c)}；CLS 也有位置编码。可学习的位置编码表有多少个数？`,
    }),
    why: (c) => ({
      en: `${T(c)} positions × ${c.dim}.`,
      zh: `${T(c)} 个位置 × ${c.dim}。`,
    }),
  },
  block: {
    answer: (d) => parametersOf(d, 'blocks.0.'),
    text: (c) => ({
      en: `D = ${c.dim}, MLP ratio 4, biases everywhere. How many parameters has one block?`,
      zh: `D = ${c.dim}，MLP 比例为 4，各处都有偏置。一层有多少个参数？`,
    }),
    why: (c) => ({
      en: `12 D² + 13 D = 12 × ${c.dim}² + 13 × ${c.dim}: 4 D² in attention, 8 D² in the MLP, the rest biases and norms.`,
      zh: `12D² + 13D = 12 × ${c.dim}² + 13 × ${c.dim}：注意力占 4D²，MLP 占 8D²，其余是偏置和归一化。`,
    }),
  },
  pairs: {
    answer: (d) => ({
      answer: [d.tensors.find((t) => t.name === 'blocks.0.attn.scores')!.macs],
      dims: ['#'],
    }),
    text: (c) => ({
      en: `${net.en(c)}. How many multiply-adds has q·kᵀ in one layer, over all heads?`,
      zh: `${net.zh(c)}。一层里 q·kᵀ 在所有头上共需多少次乘加？`,
    }),
    why: (c) => ({
      en: `${T(c)} × ${T(c)} pairs, each ${c.dim / c.heads} products in each of ${c.heads} heads: T² · D.`,
      zh: `${T(c)} × ${T(c)} 对，${c.heads} 个头里每对各 ${c.dim / c.heads} 次乘法：T²·D。`,
    }),
  },
  logits: {
    answer: (d) => ({ answer: [d.tensors.find((t) => t.name === 'logits')!.macs], dims: ['#'] }),
    text: (c) => ({
      en: `${net.en(c)}, ${c.classes} classes. How many multiply-adds does the head need?`,
      zh: `${net.zh(c)}，${c.classes} 个类别。分类头需要多少次乘加？`,
    }),
    why: (c) => ({
      en: `One token only: ${c.classes} × ${c.dim}.`,
      zh: `只读一个词元：${c.classes} × ${c.dim}。`,
    }),
  },
} as const satisfies Record<string, Kind>;
export type KindId = keyof typeof KINDS;
export const KIND_IDS = Object.keys(KINDS) as KindId[];

const WIDTHS = [64, 128, 192, 256, 320, 384, 512];
const HEAD_WIDTHS = [32, 64];
const PATCHES = [8, 14, 16, 20, 28, 32];
const IMAGES = [96, 112, 128, 160, 192, 224, 256, 280];
const CLASSES = [10, 94, 100, 200, 1000];

/**
 * A round of ten questions, all of different kinds, with random sizes. The same seed gives the same round.
 * @param seed any whole number
 */
export function quizRound(seed: number): Question[] {
  const next = uniform(seed);
  const pick = <V>(list: readonly V[]): V => list[Math.floor(next() * list.length)]!;
  const kinds = [...KIND_IDS];
  for (let i = kinds.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [kinds[i], kinds[j]] = [kinds[j]!, kinds[i]!];
  }
  return kinds.slice(0, ROUND).map((kind) => {
    const dim = pick(WIDTHS);
    const config: ViTConfig = {
      ...VIT_DEFAULTS,
      dim,
      heads: dim / pick(HEAD_WIDTHS),
      depth: 1,
      mlpRatio: kind === 'block' ? 4 : pick([2, 3, 4]),
      patch: pick(PATCHES),
      image: pick(IMAGES),
      classes: pick(CLASSES),
    };
    const spec: Kind = KINDS[kind];
    const { answer, dims } = spec.answer(describe(vit(config)), config);
    return { kind, config, text: spec.text(config), why: spec.why(config), answer, dims };
  });
}

/** Reads what was typed: whole numbers, thousands set apart or not; undefined for anything else. */
export function readNumber(typed: string): number | undefined {
  return /^\s*\d[\d,\s]*$/.test(typed) ? Number(typed.replace(/[,\s]/g, '')) : undefined;
}

/** What a browser keeps: rounds finished, the last score and the best. */
export interface Score {
  readonly rounds: number;
  readonly last: number;
  readonly best: number;
}

/** The kept score after another round. */
export function withRound(before: Score | undefined, right: number): Score {
  return { rounds: (before?.rounds ?? 0) + 1, last: right, best: Math.max(before?.best ?? 0, right) };
}

/** Reads a kept score back; anything that isn't one is no score. */
export function readScore(kept: string | undefined): Score | undefined {
  const m = /^(\d{1,6})\.(\d{1,2})\.(\d{1,2})$/.exec(kept ?? '');
  if (!m) return undefined;
  const [rounds, last, best] = m.slice(1).map(Number) as [number, number, number];
  return last <= ROUND && best <= ROUND && best >= last ? { rounds, last, best } : undefined;
}

export function printScore({ rounds, last, best }: Score): string {
  return `${rounds}.${last}.${best}`;
}
