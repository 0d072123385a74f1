import type { GlossaryEntry } from '#lib/notebook/types.ts';

/** Terms of the steps that the `told` views belong to. */
export const toldTerms: Record<string, GlossaryEntry> = {};
