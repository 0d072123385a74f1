import { placeOfShares, type Shares } from './share-search.ts';

/**
 * `models/swin-sparse/pruning.json`: answers to held-out photos for every combination of shares, one a stage, of which
 * the last stage’s changes fastest. Lists of numbers are texts with spaces between them.
 */
export interface Pruning {
  /** Of the photos, in pixels. */
  readonly side: number;
  readonly classes: readonly string[];
  readonly photos: string;
  readonly labels: string;
  /** Shares of windows that are left out, ascending from 0. */
  readonly steps: readonly number[];
  readonly models: Readonly<
    Record<string, { readonly top1: readonly number[]; readonly answers: readonly string[] }>
  >;
}

const numbers = (text: string): readonly number[] => text.split(' ').map(Number);

/** The stored answers of one network. */
export class StoredAnswers {
  readonly #labels: readonly number[];
  readonly #answers: readonly string[];
  readonly #steps: number;

  /** @param name of the network in the file. @throws RangeError for one that is not there */
  constructor(pruning: Pruning, name: string) {
    const model = pruning.models[name];
    if (!model) throw new RangeError(`No answers of ${name} are stored.`);
    this.#labels = numbers(pruning.labels);
    this.#answers = model.answers;
    this.#steps = pruning.steps.length;
  }

  /** How many photos were asked about. */
  get count(): number {
    return this.#labels.length;
  }
  /** Answers that are right with these shares. @throws RangeError for shares that are not stored */
  right(shares: Shares): number {
    const row = this.#answers[placeOfShares(shares, this.#steps)];
    if (row === undefined) throw new RangeError(`No answers at ${shares.join(', ')} are stored.`);
    return numbers(row).reduce((sum, answer, i) => sum + Number(answer === this.#labels[i]), 0);
  }
  /** The share of answers that are right. */
  top1(shares: Shares): number {
    return this.right(shares) / this.count;
  }
}
