import { are, otherOrder, type Mistake } from '#lib/notebook/mistakes.ts';

/** A token of four features that is normalised on paper; γ and β are the same for all four here. */
export interface NormCase {
  readonly x: readonly number[];
  readonly gamma: number;
  readonly beta: number;
}

/** Tokens whose standard deviation is a whole number. */
export const NORM_CASES: readonly NormCase[] = [
  { x: [1, 1, 5, 5], gamma: 1, beta: 0 },
  { x: [9, 1, 3, 3], gamma: 1, beta: 0 },
  { x: [0, 4, 4, 0], gamma: 2, beta: 1 },
  { x: [8, 2, 2, 8], gamma: 3, beta: -1 },
];

/** How close a number must come: two digits behind the point. */
export const NORM_WITHIN = 0.011;

const mean = (row: readonly number[]) => row.reduce((a, b) => a + b, 0) / row.length;

/** LayerNorm of a case (ε left out), the steps on the way, and the usual ways to miss it. */
export function normTask({ x, gamma, beta }: NormCase): {
  readonly mean: number;
  readonly variance: number;
  readonly result: readonly number[];
  readonly mistakes: readonly Mistake[];
} {
  const m = mean(x);
  const centred = x.map((v) => v - m);
  const variance = mean(centred.map((v) => v * v));
  const scaled = (row: readonly number[], by: number) => row.map((v) => (gamma * v) / by + beta);
  const result = scaled(centred, Math.sqrt(variance));
  const unbiased = (variance * x.length) / (x.length - 1);
  const near = (given: readonly number[], wanted: readonly number[]) =>
    are(given, wanted, 0.02) && !are(wanted, result, 0.02);
  const by = (wanted: readonly number[], en: string, zh: string): Mistake => ({
    when: (given) => near(given, wanted),
    say: { en, zh },
  });
  return {
    mean: m,
    variance,
    result,
    mistakes: [
      by(
        scaled(centred, Math.sqrt(unbiased)),
        'You have divided the sum of squares by 3, as one does for a sample. LayerNorm divides by the number of features, 4.',
        '你把平方和除以 3，那是样本方差的算法。层归一化除以特征的个数 4。',
      ),
      by(
        scaled(centred, variance),
        'You have divided by the variance. Divide by its square root, the standard deviation.',
        '你除以了方差。应当除以它的平方根，即标准差。',
      ),
      by(
        scaled(x, Math.sqrt(variance)),
        'You have divided, but not taken the mean away first.',
        '你作了除法，但没有先减去均值。',
      ),
      by(
        scaled(centred, 1),
        'The mean is gone. Now divide by the standard deviation.',
        '均值已经减去。还要除以标准差。',
      ),
      by(
        centred.map((v) => v / Math.sqrt(variance)),
        'That is right before γ and β. Multiply by γ, then add β.',
        '这是乘 γ、加 β 之前的结果。还要先乘 γ，再加 β。',
      ),
      otherOrder(result.map((v) => Number(v.toFixed(2)))),
    ],
  };
}
