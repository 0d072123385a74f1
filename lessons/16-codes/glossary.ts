import type { GlossaryEntry } from '#lib/notebook/types.ts';
import { codeTerms } from './code-terms.ts';
import { roundsTerms } from './rounds-terms.ts';
import { writeTerms } from './write-terms.ts';

const glossary: Record<string, GlossaryEntry> = {
  ...codeTerms,
  ...writeTerms,
  ...roundsTerms,
};
export default glossary;
