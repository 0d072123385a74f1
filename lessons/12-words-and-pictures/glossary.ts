import type { GlossaryEntry } from '#lib/notebook/types.ts';

const glossary: Record<string, GlossaryEntry> = {
  'embedding-space': {
    term: { en: 'common space', zh: '共同空间' },
    meaning: {
      en: 'The vectors that both towers end in. Only their directions count: the cosine of two of them says how well they belong together.',
      zh: '两座塔输出的向量所在的空间。只有方向有意义：两个向量的余弦相似度表示它们相配的程度。',
    },
  },
  // Matrix, zero-shot, angles, fails, break: entries of their own go here.

  // Views of a picture, collapse, methods: entries of their own go here.
};
export default glossary;
