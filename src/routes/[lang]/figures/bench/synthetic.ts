import type { Picture } from '#lib/figures/draw/canvas.ts';
import type { Tensor } from '#lib/base/tensor.ts';

/** A tensor whose value at an index is `f(...index)`: a stated function, never a random filler. */
export function synthetic(
  name: string,
  shape: readonly number[],
  dims: readonly string[],
  f: (...index: number[]) => number,
): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const data = new Float32Array(size);
  const index = shape.map(() => 0);
  for (let k = 0; k < size; k++) {
    data[k] = f(...index);
    for (let d = shape.length - 1; d >= 0; d--) {
      index[d] = index[d]! + 1;
      if (index[d]! < shape[d]!) break;
      index[d] = 0;
    }
  }
  return { name, shape, dims, data };
}

/** A picture of stated functions: r = x, g = y, b = rings around the centre, with a disc to find one's way by. */
export function rings(side = 224): Picture {
  const data = new Uint8ClampedArray(side * side * 4);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const u = x / (side - 1);
      const v = y / (side - 1);
      const r = Math.hypot(u - 0.5, v - 0.5);
      const disc = Math.hypot(u - 0.32, v - 0.36) < 0.14;
      const k = (y * side + x) * 4;
      data[k] = disc ? 240 : 255 * u;
      data[k + 1] = disc ? 190 : 255 * v;
      data[k + 2] = disc ? 40 : 127.5 + 127.5 * Math.cos(40 * r);
      data[k + 3] = 255;
    }
  }
  return { width: side, height: side, data };
}
