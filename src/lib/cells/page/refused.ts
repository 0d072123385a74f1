import type { Text } from '#lib/base/lang.ts';

/** A question of a cell that is answered with a sentence instead. */
export class Refused extends Error {
  readonly text: Text;
  /** Names that may have been meant, nearest first. */
  readonly nearest: readonly string[];
  constructor(text: Text, nearest: readonly string[] = []) {
    super(text.en);
    this.text = text;
    this.nearest = nearest;
  }
}

/** What is said of a tensor that a model does not have. */
export const noTensor = (model: string, name: string): Text => ({
  en: `${model} has no tensor “${name.slice(0, 100)}”.`,
  zh: `${model} 没有名为“${name.slice(0, 100)}”的张量。`,
});
