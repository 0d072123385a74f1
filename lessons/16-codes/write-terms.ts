import type { GlossaryEntry } from '#lib/notebook/types.ts';

/** Terms of the steps that the `write` views belong to. */
export const writeTerms: Record<string, GlossaryEntry> = {
  autoregressive: {
    term: { en: 'autoregressive', zh: '自回归（autoregressive）' },
    meaning: {
      en: 'Of a network that chooses one part after another, each in view of those it has chosen already. The probability of the whole is the product of the probabilities of the parts.',
      zh: '一部分接一部分地选择，每次都以自己已经选出的部分为依据。整体的概率等于各部分概率之积。',
    },
  },
  'draw-temperature': {
    term: { en: 'temperature (of a draw)', zh: '采样温度（temperature）' },
    meaning: {
      en: 'The number by which logits are divided before softmax when a code is drawn. Below 1 the likely codes gain, above 1 the unlikely ones; at 0 the likeliest is always taken.',
      zh: '抽取码字时，在 softmax 之前除 logit 的数。小于 1 时，可能的码字更占优势；大于 1 时，不太可能的码字机会增大；等于 0 时总是取最可能的。',
    },
  },
  'top-k': {
    term: { en: 'top-k', zh: 'top-k（只取最大的 k 个）' },
    meaning: {
      en: 'Only the k codes with the largest logits may be drawn; the others get probability 0.',
      zh: '只允许抽取 logit 最大的 k 个码字，其余码字的概率为 0。',
    },
  },
  'causal-mask': {
    term: { en: 'causal mask', zh: '因果掩码（causal mask）' },
    meaning: {
      en: 'A mask of attention by order: a token sees itself and those before it, none of those after it. So a pass over a known text trains all its predictions at once, and what was computed of a token stays valid when others follow.',
      zh: '按顺序规定的注意力掩码：一个词元看得见自己和前面的词元，看不见后面的。这样，对已知的序列计算一次就能同时训练所有预测；后面再加入词元时，已算出的部分仍然有效。',
    },
  },
  'kv-cache': {
    term: { en: 'key–value cache', zh: '键值缓存（KV cache）' },
    meaning: {
      en: 'Keys and values of all earlier tokens, in every block, which are kept so that the next pass computes the new token alone. It needs a causal mask.',
      zh: '每层中此前所有词元的键与值。保存下来以后，下一次计算只需处理新的词元。它的前提是因果掩码。',
    },
  },
};
