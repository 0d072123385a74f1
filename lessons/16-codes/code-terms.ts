import type { GlossaryEntry } from '#lib/notebook/types.ts';

/** Terms of the steps that the `code` views belong to. */
export const codeTerms: Record<string, GlossaryEntry> = {};
