import type { GlossaryEntry } from '#lib/notebook/types.ts';

/** Terms of the steps that the `twin` views belong to. */
export const twinTerms: Record<string, GlossaryEntry> = {
  'held-out-pair': {
    term: { en: 'held-out pair', zh: '留出的组合（held-out pair）' },
    meaning: {
      en: 'A sign in a drawing style that training never showed, though it showed the sign in other styles, and the style with other signs.',
      zh: '训练中从未出现的“符号与画风”的组合：这个符号以其他画风出现过，这种画风也用在其他符号上。',
    },
  },
};
