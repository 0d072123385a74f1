import { meanRows, unitRows } from '#lib/analysis/similarity.ts';
import type { Lang } from '#lib/base/lang.ts';
import type { Prompt } from './choices.ts';

/** Sentences with `{}` in the place of a name, in both languages, as a model's config.json has them. */
export type Templates = Readonly<Record<Lang, readonly string[]>>;
/** The groups of sentences that stand for a picture's kind. */
export interface PromptTemplates {
  readonly drawing: Templates;
  readonly photo: Templates;
}

/** The language that a label is put into sentences of: Chinese where it has a Chinese character. */
export const languageOf = (label: string): Lang => (/\p{Script=Han}/u.test(label) ? 'zh' : 'en');

const filled = (sentence: string, label: string) => sentence.split('{}').join(label);

/** The single sentence where the model has it: that of the paper. */
const USUAL = ['a photo of a {}', 'a drawing of {}'];

/** The kind of sentence that a single one is taken from. */
export type PictureKind = keyof PromptTemplates;

/**
 * The texts that stand for a label.
 * @param kind whether the picture is a photo or a drawing; of `one` it decides the sentence, of `all` which are averaged
 */
export function promptsFor(
  label: string,
  prompt: Prompt,
  templates: PromptTemplates,
  kind: PictureKind,
): readonly string[] {
  if (prompt === 'bare') return [label];
  const sentences = templates[kind][languageOf(label)];
  const one = sentences.find((sentence) => USUAL.includes(sentence)) ?? sentences[0];
  return (prompt === 'all' ? sentences : one ? [one] : []).map((sentence) => filled(sentence, label));
}

/**
 * One embedding for each label: the mean of its sentences' embeddings, brought back to length 1 (Radford et al. 2021,
 * section 3.1.4).
 * @param embeddings of each label, its sentences' `[s, width]`, rows of length 1
 * @returns `[labels, width]`, rows of length 1
 */
export function averagedEmbeddings(embeddings: readonly ArrayLike<number>[], width: number): Float32Array {
  const out = new Float32Array(embeddings.length * width);
  embeddings.forEach((rows, i) => out.set(unitRows(meanRows(rows, width), width), i * width));
  return out;
}
