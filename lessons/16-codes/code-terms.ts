import type { GlossaryEntry } from '#lib/notebook/types.ts';

/** Terms of the steps on codes. */
export const codeTerms: Record<string, GlossaryEntry> = {
  codebook: {
    term: { en: 'codebook', zh: '码本（codebook）' },
    meaning: {
      en: 'A list of vectors that are stored once for all pictures. A place of a picture keeps only the number of the one that is nearest to its own vector.',
      zh: '为所有图片共用、一次存好的一组向量。图片的每个位置只保留离自己的向量最近的那一个的编号。',
    },
  },
  code: {
    term: { en: 'code', zh: '码字（code）' },
    meaning: {
      en: 'One vector of the codebook; also the number by which it is named. Papers call it a token, too.',
      zh: '码本里的一个向量，也指它的编号。论文里也称为词元（token）。',
    },
  },
  'vector-quantisation': {
    term: { en: 'vector quantisation', zh: '向量量化（vector quantisation, VQ）' },
    meaning: {
      en: 'Replacing each vector by the nearest one of a codebook. What lies between the two is lost.',
      zh: '把每个向量换成码本里离它最近的一个，两者之差就此丢失。',
    },
  },
  perplexity: {
    term: { en: 'perplexity', zh: '困惑度（perplexity）' },
    meaning: {
      en: '2 to the power of the entropy in bits: how many codes, used evenly, would be as hard to guess as the codes that occur.',
      zh: '2 的熵（以比特计）次方：出现的码字有多难猜，就相当于多少个均匀使用的码字。',
    },
  },
  'straight-through': {
    term: { en: 'straight-through gradient', zh: '直通梯度（straight-through）' },
    meaning: {
      en: 'The gradient of what came out of a choice, handed on to what went in as if nothing had been chosen.',
      zh: '把选择之后的梯度原样传给选择之前的量，就像没有选择这一步。',
    },
  },
  commitment: {
    term: { en: 'commitment loss', zh: '承诺损失（commitment loss）' },
    meaning: {
      en: 'The squared distance of a vector and the code that it has chosen, of which only the vector feels the gradient: it keeps vectors near their codes.',
      zh: '向量与所选码字的距离平方，梯度只作用于向量：它让向量留在码字附近。',
    },
  },
  residual: {
    term: { en: 'residual', zh: '残差（residual）' },
    meaning: {
      en: 'What is still missing: the latents less the sum of what codes stand for so far.',
      zh: '还差的部分：隐变量减去到目前为止各码字所代表的总和。',
    },
  },
  'residual-quantisation': {
    term: { en: 'residual quantisation', zh: '残差量化（residual quantisation）' },
    meaning: {
      en: 'Quantising again what an earlier quantisation has left over. The sum of all entries comes nearer to the vector with each time.',
      zh: '对前一次量化留下的残差再做量化。各次码字之和一次比一次更接近原向量。',
    },
  },
};
