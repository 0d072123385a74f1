import type { GlossaryEntry } from '#lib/notebook/types.ts';

/** Terms of the steps that the `write` views belong to. */
export const writeTerms: Record<string, GlossaryEntry> = {};
