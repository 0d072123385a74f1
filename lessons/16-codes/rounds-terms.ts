import type { GlossaryEntry } from '#lib/notebook/types.ts';

/** Terms of the steps that the `rounds` views belong to. */
export const roundsTerms: Record<string, GlossaryEntry> = {};
