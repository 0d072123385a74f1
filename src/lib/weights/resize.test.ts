import { describe, expect, it } from 'vitest';
import { bilinearMatrix, multiply, pseudoInverse, transpose, type Matrix } from './bilinear.ts';
import { piResize, resizePositions } from './resize.ts';
import { close, numbers } from './testing.ts';

/** A · X · Aᵀ of a square picture X. */
function both(a: Matrix, picture: Float64Array): Float64Array {
  return multiply(multiply(a, { rows: a.cols, cols: a.cols, data: picture }), transpose(a)).data;
}

describe('pseudoInverse', () => {
  it('inverts every bilinear matrix from 1 to 40 samples from its proper side', () => {
    let worst = 0;
    for (let p = 1; p <= 40; p++) {
      for (let q = 1; q <= 40; q++) {
        const b = bilinearMatrix(p, q);
        const inverse = pseudoInverse(b);
        const product = q >= p ? multiply(inverse, b) : multiply(b, inverse);
        for (let r = 0; r < product.rows; r++) {
          for (let c = 0; c < product.cols; c++) {
            worst = Math.max(worst, Math.abs(product.data[r * product.cols + c]! - (r === c ? 1 : 0)));
          }
        }
      }
    }
    expect(worst).toBeLessThan(1e-9);
  });
});

describe('piResize', () => {
  // torch.linalg.pinv(B.T) @ w in float64, B from torch.nn.functional.interpolate(bilinear, align_corners=False) of unit images.
  const reference = (count: number) => Float32Array.from({ length: count }, (_, i) => ((i * i) % 7) - 2);

  it('equals the least-squares answer solved directly for a smaller patch', () => {
    close(
      piResize(reference(16), 4, 3),
      [
        -2.977455621, 1.481538462, 0.042071006, -0.595384615, 3.96, -2.764615385, 2.672840237, -3.641538462,
        -1.177455621,
      ],
      1e-6,
    );
  });

  it('equals it for a larger patch', () => {
    close(
      piResize(reference(9), 3, 5),
      [
        -1.029552998, -0.86110915, -0.608443377, 0.354906669, 0.997140032, -0.496963491, -0.432231716,
        -0.335134054, 0.482251724, 1.027175576, 0.301920768, 0.211084434, 0.074829932, 0.673269308,
        1.072228892, -0.131788009, -0.305563402, -0.566226491, -0.169626674, 0.094773203, -0.420927194,
        -0.649995292, -0.993597439, -0.731557329, -0.556863922,
      ],
      1e-6,
    );
  });

  it.each([
    [16, 28],
    [16, 32],
    [4, 4],
    [8, 14],
    [3, 17],
  ])('keeps the token of every patch, %i → %i', (p, q) => {
    const kernel = numbers(2 * p * p);
    const resized = piResize(kernel, p, q);
    const up = bilinearMatrix(p, q);
    const patch = Float64Array.from(numbers(p * p, 7));
    const big = both(up, patch);
    for (let k = 0; k < 2; k++) {
      const before = patch.reduce((sum, x, i) => sum + x * kernel[k * p * p + i]!, 0);
      const after = big.reduce((sum, x, i) => sum + x * resized[k * q * q + i]!, 0);
      expect(Math.abs(after - before)).toBeLessThan(1e-6 * p);
    }
  });

  it('has no better kernel beside it when shrinking: the gradient of the squared error is zero', () => {
    const [p, q] = [16, 8];
    const kernel = numbers(p * p, 3);
    const resized = Float64Array.from(piResize(kernel, p, q));
    // E(⟨x,w⟩−⟨Bx,ŵ⟩)² over white x is |w − Bᵀŵ|²; at its least, B(w − Bᵀŵ) = 0.
    const b = bilinearMatrix(p, q);
    const spread = both(transpose(b), resized);
    const residual = Float64Array.from(kernel, (w, i) => w - spread[i]!);
    close(both(b, residual), new Float64Array(q * q), 1e-6);
  });
});

describe('resizePositions', () => {
  // torch.nn.functional.interpolate(mode='bilinear', align_corners=False) of the same grid.
  const grid = Float32Array.from({ length: 18 }, (_, i) => (i * i) % 11);

  it('equals torch, smaller and larger', () => {
    close(resizePositions(grid, 3, 2, 2), [1.875, 3.4375, 4.3125, 3.625, 3.375, 4.375, 4.125, 2.875], 1e-6);
    close(
      resizePositions(grid, 3, 4, 2),
      [
        0.0, 1.0, 2.5, 6.0, 4.375, 6.75, 5.0, 3.0, 1.875, 3.5, 5.15625, 4.984375, 5.390625, 4.09375, 2.5,
        1.125, 2.25, 4.625, 6.46875, 4.46875, 6.28125, 3.15625, 1.75, 1.125, 1.0, 4.0, 6.0, 4.625, 6.75, 4.25,
        3.0, 3.0,
      ],
      1e-6,
    );
  });
});
