import type { Text } from '#lib/base/lang.ts';
import type { Option } from '#lib/notebook/choice.ts';

/** What linear attention can and cannot do, with reasons. */
export const SHARP_QUESTIONS: readonly { readonly text: Text; readonly options: readonly Option[] }[] = [
  {
    text: {
      en: 'All queries of linear attention become four times as long. What happens to its weights?',
      zh: '线性注意力的所有查询都放大到 4 倍。它的权重会怎样？',
    },
    options: [
      {
        text: { en: 'They become sharper, as with softmax.', zh: '更集中，与 softmax 一样。' },
        say: {
          en: 'The exponential makes differences of scores larger. Without it a factor is only a factor.',
          zh: '是指数把分数之差放大了。没有指数，倍数就只是倍数。',
        },
      },
      {
        text: {
          en: 'They stay, because the factor stands above and below the fraction.',
          zh: '不变，因为这个倍数同时出现在分子和分母里。',
        },
        right: true,
        say: {
          en: 'φ(4q) is 4 φ(q), and every weight of the row is divided by a sum that has become four times as large too.',
          zh: 'φ(4q) 等于 4 φ(q)，而这一行的每个权重都要除以同样变成 4 倍的总和。',
        },
      },
      {
        text: { en: 'They become flatter.', zh: '更分散。' },
        say: {
          en: 'Nothing makes them flatter either: the proportions of the dot products stay what they were.',
          zh: '也没有什么让它更分散：各个点积之间的比例与原来相同。',
        },
      },
    ],
  },
  {
    text: {
      en: 'Why can softmax attention not be computed as Q times a small matrix of keys and values?',
      zh: '为什么 softmax 注意力不能写成 Q 乘以一个由键和值得到的小矩阵？',
    },
    options: [
      {
        text: { en: 'Because of the division by √d.', zh: '因为要除以 √d。' },
        say: {
          en: 'A fixed factor could be moved anywhere. It is the exponential that stands in the way.',
          zh: '固定的倍数放在哪里都可以。妨碍改变顺序的是指数。',
        },
      },
      {
        text: {
          en: 'Because the exponential of q · k does not fall apart into a factor of q and a factor of k with d numbers each.',
          zh: '因为 q · k 的指数不能拆成各有 d 个数的两部分，一部分只与 q 有关，另一部分只与 k 有关。',
        },
        right: true,
        say: {
          en: 'Only a weight that is a product of φ(q) and φ(k) lets the query be taken out of the sum. An exact φ for the exponential would need infinitely many numbers.',
          zh: '只有权重是 φ(q) 与 φ(k) 的乘积时，查询才能提到求和之外。要精确表示指数，φ 需要无穷多个数。',
        },
      },
      {
        text: { en: 'Because softmax rows sum to 1.', zh: '因为 softmax 的每一行之和为 1。' },
        say: {
          en: 'Rows of linear attention sum to 1 as well: each is divided by its own Z.',
          zh: '线性注意力的每一行之和也是 1：每一行都除以自己的 Z。',
        },
      },
    ],
  },
  {
    text: {
      en: 'EfficientViT convolves queries, keys and values over 5 × 5 tokens before linear attention. What does that give back?',
      zh: 'EfficientViT 在线性注意力之前，对查询、键和值做 5 × 5 的卷积。这样弥补了什么？',
    },
    options: [
      {
        text: { en: 'Sharp weights over the whole picture.', zh: '对整张图片的集中权重。' },
        say: {
          en: 'The weights are still dot products of ReLUs. What is sharp now is the filter, and it reaches two tokens far.',
          zh: '权重仍然是 ReLU 之后的点积。集中的是卷积核，而它只能看到相距两个词元以内的内容。',
        },
      },
      {
        text: {
          en: 'What is near: each token brings its neighbours along, with learned weights for each place.',
          zh: '附近的内容：每个词元都带上了相邻词元的信息，各个位置有各自学到的权重。',
        },
        right: true,
        say: {
          en: 'A filter tells the token above from the token below, which an average over all tokens cannot.',
          zh: '卷积核能区分上面的词元和下面的词元，对所有词元求平均则做不到。',
        },
      },
      {
        text: { en: 'Fewer multiply-adds.', zh: '更少的乘加次数。' },
        say: {
          en: 'It costs more, as the table shows; but it grows with N, like the rest.',
          zh: '它的开销更大，表里可以看到；只是与其他部分一样，随 N 增长。',
        },
      },
    ],
  },
];
