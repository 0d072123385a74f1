import type { GlossaryEntry } from '#lib/notebook/types.ts';

/** Terms of the steps that the `twin` views belong to. */
export const twinTerms: Record<string, GlossaryEntry> = {};
