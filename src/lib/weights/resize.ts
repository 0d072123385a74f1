import { alongAxis, bilinearMatrix, pseudoInverse, transpose } from './bilinear.ts';

/**
 * A patch-embedding kernel for another patch size by PI-resize (FlexiViT, arXiv 2212.08013, section 3.4, eq. 3–4).
 * With B the bilinear resize of a p×p patch to q×q, the new kernel is `(Bᵀ)⁺w`: the one whose tokens
 * `⟨Bx, ŵ⟩` come nearest to `⟨x, w⟩` over white patches x; exactly equal for q ≥ p. B is the Kronecker product of
 * one matrix with itself, so its pseudo-inverse is one small matrix applied along both axes.
 * @param kernel `[count, p, p]`, row-major, `count` = width × channels
 * @returns `[count, q, q]`
 */
export function piResize(kernel: Float32Array, p: number, q: number): Float32Array {
  if (p === q) return kernel.slice();
  const map = transpose(pseudoInverse(bilinearMatrix(p, q))); // [q, p] = (Bᵀ)⁺ of one axis
  const count = kernel.length / (p * p);
  const wide = alongAxis(map, kernel, count * p, 1); // [count · p, q]
  return new Float32Array(alongAxis(map, wide, count, q));
}

/**
 * A grid of position vectors resized bilinearly (half-pixel centres, no antialiasing; FlexiViT, section 3.3).
 * @param positions `[rows·columns, width]`, the grid row by row
 * @param from its sides, or the one of a square grid
 * @param to those wished
 * @returns `[rows·columns, width]` of the wished grid
 */
export function resizePositions(
  positions: Float32Array,
  from: number | readonly [rows: number, columns: number],
  to: number | readonly [rows: number, columns: number],
  width: number,
): Float32Array {
  const [high, wide] = typeof from === 'number' ? [from, from] : from;
  const [rows, columns] = typeof to === 'number' ? [to, to] : to;
  if (high === rows && wide === columns) return positions.slice();
  const across = alongAxis(bilinearMatrix(wide, columns), positions, high, width); // [high, columns, width]
  return new Float32Array(alongAxis(bilinearMatrix(high, rows), across, 1, columns * width));
}
