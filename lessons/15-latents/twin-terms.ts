import type { GlossaryEntry } from '#lib/notebook/types.ts';

/** Terms of the steps that the `twin` views belong to. */
export const twinTerms: Record<string, GlossaryEntry> = {
  'held-out-pair': {
    term: { en: 'held-out pair', zh: '留出的组合（held-out pair）' },
    meaning: {
      en: 'A sign in a drawing style that training never showed, though it showed the sign in other styles, and the style with other signs.',
      zh: '训练中从未出现的“图标与风格”的组合：这个图标以其他风格出现过，这种风格也用在其他图标上。',
    },
  },
};
