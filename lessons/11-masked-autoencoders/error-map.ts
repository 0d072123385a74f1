import type { Tensor } from '#lib/base/tensor.ts';
import { SIZES } from './model.ts';

/** The coloured range of an error map: from 0, so that a small error looks small. */
export const errorRange = (errors: Float32Array, hidden: readonly boolean[]): readonly [number, number] => [
  0,
  errors.reduce((most, error, n) => (hidden[n] ? Math.max(most, error) : most), 1e-6),
];

/** Errors of patches as a map of the grid; what was seen has none and lets the picture through. */
export const errorMap = (errors: Float32Array, hidden: readonly boolean[]): Tensor => ({
  name: 'reconstruction',
  shape: [SIZES.grid, SIZES.grid],
  dims: ['H', 'W'],
  data: errors.map((error, n) => (hidden[n] ? error : NaN)),
});
