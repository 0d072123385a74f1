import type { GlossaryEntry } from '#lib/notebook/types.ts';

/** Terms of the steps that the `paint` views belong to. */
export const paintTerms: Record<string, GlossaryEntry> = {};
