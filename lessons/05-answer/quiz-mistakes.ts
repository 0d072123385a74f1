import {
  clsTooEarly,
  forgottenCls,
  noChannels,
  oneSide,
  otherOrder,
  type Mistake,
} from '#lib/notebook/mistakes.ts';
import type { Question } from './quiz.ts';

/** A single count that comes of a mistake. */
const count = (wrong: number, en: string, zh: string): Mistake => ({
  when: ([given]) => given === wrong,
  say: { en, zh },
});

/** The usual ways to miss a question of the quiz. */
export function quizMistakes({ kind, config: c, answer }: Question): readonly Mistake[] {
  const side = Math.floor(c.image / c.patch);
  const patches = side * side;
  const order = answer.length > 1 ? [otherOrder(answer)] : [];
  switch (kind) {
    case 'patches':
      return [...order, noChannels(c.patch), clsTooEarly(patches), oneSide(side)];
    case 'tokens':
    case 'head':
    case 'scores':
    case 'hidden':
      return [...order, forgottenCls(patches), oneSide(side)];
    case 'positions':
      return [
        count(
          patches * c.dim,
          'CLS has a position too: the table has one row more than there are patches.',
          'CLS 也有位置编码：表的行数比图像块个数多一。',
        ),
      ];
    case 'embedding':
      return [
        count(
          c.channels * c.patch * c.patch * c.dim,
          'These are the weights. There is also one bias per feature.',
          '这是权重的个数。每个特征还有一个偏置。',
        ),
        count(
          c.patch * c.patch * c.dim + c.dim,
          'Every pixel has three colours, and every colour a weight of its own.',
          '每个像素有三种颜色，每种颜色各有自己的权重。',
        ),
      ];
    case 'block':
      return [
        count(
          12 * c.dim * c.dim,
          'These are the matrices. Biases and the two LayerNorms come on top.',
          '这是各个矩阵。还要加上偏置和两次层归一化的参数。',
        ),
      ];
    case 'pairs':
      return [
        count(
          patches * patches * c.dim,
          'CLS asks and is asked as well: the pairs are those of all tokens.',
          'CLS 也提问，也被看：词元对要包括全部词元。',
        ),
        count(
          (patches + 1) ** 2 * c.dim * c.heads,
          'The heads share the width: each has only D ÷ h products per pair.',
          '各个头分担宽度：每一对词元在每个头里只有 D ÷ h 个乘积。',
        ),
      ];
    case 'logits':
      return [
        count(
          (patches + 1) * c.classes * c.dim,
          'The head reads one token, not all of them.',
          '分类头只读一个词元，而不是全部。',
        ),
      ];
    default:
      return order;
  }
}
