import type { GlossaryEntry } from '#lib/notebook/types.ts';

const glossary: Record<string, GlossaryEntry> = {
  head: {
    term: { en: 'head', zh: '注意力头（head）' },
    meaning: {
      en: 'One of several attentions that run side by side in a layer, each on its own slice of the queries, keys and values.',
      zh: '同一层里并排运行的几个注意力之一，各自只用查询、键和值中属于自己的那一段。',
    },
  },
  query: {
    term: { en: 'query, q', zh: '查询（query，q）' },
    meaning: {
      en: 'What a token asks: d numbers per head, computed from the token by a learned matrix.',
      zh: '词元提出的问题：每个头 d 个数，由一个通过训练得到的矩阵从词元算出。',
    },
  },
  key: {
    term: { en: 'key, k', zh: '键（key，k）' },
    meaning: {
      en: 'What a token offers to be found by. Its dot product with a query says how well the two fit.',
      zh: '供其他词元匹配的向量。它与查询的点积表示两者的匹配程度。',
    },
  },
  value: {
    term: { en: 'value, v', zh: '值（value，v）' },
    meaning: {
      en: 'What a token hands over when it is looked at. Values are mixed by the attention weights.',
      zh: '词元提供给其他词元的内容。各个值按注意力权重混合。',
    },
  },
  score: {
    term: { en: 'attention score', zh: '注意力分数' },
    meaning: {
      en: 'Dot product of a query and a key divided by √d. Any number, before the softmax.',
      zh: '查询与键的点积除以 √d。它是 softmax 之前的量，可以是任何数。',
    },
  },
  softmax: {
    term: { en: 'softmax', zh: 'softmax（归一化指数函数）' },
    meaning: {
      en: 'Raises e to every score of a row and divides by their sum: positive shares that add up to 1.',
      zh: '对一行的每个分数取以 e 为底的指数，再除以它们的和，得到一组正的份额，其和为 1。',
    },
  },
  temperature: {
    term: { en: 'temperature', zh: '温度' },
    meaning: {
      en: 'What scores are divided by before the softmax. Below 1 the largest wins more clearly, above 1 all come closer together.',
      zh: '在 softmax 之前用来除分数的数。小于 1 时，份额更集中于最大的分数；大于 1 时，各个份额更接近。',
    },
  },
  entropy: {
    term: { en: 'entropy of a row', zh: '一行的熵' },
    meaning: {
      en: 'The sum of −a·log₂ a over the weights a of a row, in bits. 0: all weight on one token; log₂ T: the same on all T tokens.',
      zh: '一行中各个权重 a 的 −a·log₂ a 之和，单位是比特。0 表示权重全在一个词元上；log₂ T 表示 T 个词元均分权重。',
    },
  },
  'attention-distance': {
    term: { en: 'mean attention distance', zh: '平均注意力距离' },
    meaning: {
      en: 'Distance between the patch that asks and those it looks at, weighted by attention and averaged over all patches that ask, in pixels. CLS lies nowhere and is left out.',
      zh: '提问的图像块到它所看的图像块的距离，按注意力加权，再对所有提问者取平均，单位是像素。CLS 没有位置，不计在内。',
    },
  },
  overlap: {
    term: { en: 'overlap of two heads', zh: '两个头的重合度' },
    meaning: {
      en: 'Σ min(a, b) over a row, averaged over all rows: the weight that both put on the same tokens. 1: equal; 0: nothing in common.',
      zh: '一行里的 Σ min(a, b)，再对所有行取平均，即两者同时放在同一词元上的权重。1 表示相同，0 表示毫无共同之处。',
    },
  },
  rollout: {
    term: { en: 'attention rollout', zh: '注意力展开（rollout）' },
    meaning: {
      en: 'The product of all layers’ attention, heads averaged, each mixed half and half with the identity, which stands for the residual connection.',
      zh: '把各层注意力（各头取平均）依次相乘；每层先与单位矩阵各取一半相加，单位矩阵代表残差连接。',
    },
  },
  'value-norm': {
    term: { en: 'attention × value length', zh: '注意力 × 值的长度' },
    meaning: {
      en: 'The weight of a token times the length of the value it hands over: how much it contributes, not only how much it is looked at.',
      zh: '一个词元的权重乘以它的值的长度，表示它贡献了多少，而不只是得到了多大的权重。',
    },
  },
  occlusion: {
    term: { en: 'occlusion', zh: '遮挡' },
    meaning: {
      en: 'Taking a part of the input away and measuring what happens to the answer.',
      zh: '去掉输入的一部分，测量答案改变了多少。',
    },
  },
};

export default glossary;
