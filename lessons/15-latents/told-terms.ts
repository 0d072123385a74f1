import type { GlossaryEntry } from '#lib/notebook/types.ts';

/** Terms of the steps that the `told` views belong to. */
export const toldTerms: Record<string, GlossaryEntry> = {
  'text-token': {
    term: { en: 'text token', zh: '文本词元（text token）' },
    meaning: {
      en: 'A row of the denoiser’s sequence that stands for a piece of the text: what the text tower says of that piece, brought to the width of the sequence by a linear layer.',
      zh: '去噪网络的序列中代表一小段文字的一行：文本塔对这一小段给出的特征，再由线性层变到序列的宽度。',
    },
  },
  'filling-token': {
    term: { en: 'filling token', zh: '填充词元（padding token）' },
    meaning: {
      en: 'A token that fills a row after the end of a text, so that all rows have one length. This denoiser reads it like any other.',
      zh: '文本结束之后用来补足一行的词元，使每一行的长度相同。这里的去噪网络读它时与其他词元没有区别。',
    },
  },
};
