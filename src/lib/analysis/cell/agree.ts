import { formatValue } from '#lib/base/format.ts';

/** Digits a value is printed with at most, and at least where two numbers are called the same. */
const [MOST, LEAST] = [6, 3];

/**
 * In how many significant digits two numbers are printed alike, six at most; undefined where three are too many. A
 * float32 has seven, and a sum of large numbers that cancel each other has fewer left.
 */
export function digitsAlike(a: number, b: number): number | undefined {
  for (let digits = MOST; digits >= LEAST; digits--)
    if (formatValue(a, digits) === formatValue(b, digits)) return digits;
  return undefined;
}
