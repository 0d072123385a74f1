/**
 * Spherical interpolation: the way between two directions at an even pace on the arc, u from 0 to 1. Between two
 * independent draws of noise it keeps the length of noise; the straight line between them is shorter in the middle.
 * Source: Shoemake 1985 (quaternions); for latents White 2016, arXiv 1609.04468.
 */
export function slerp(a: Float32Array, b: Float32Array, u: number): Float32Array {
  const angle = angleBetween(a, b);
  const sine = Math.sin(angle);
  // Parallel: every great circle runs through both, the straight line is one of them.
  const [p, q] = sine < 1e-6 ? [1 - u, u] : [Math.sin((1 - u) * angle) / sine, Math.sin(u * angle) / sine];
  return a.map((v, i) => p * v + q * b[i]!);
}

/** The angle between two vectors, radians. */
export function angleBetween(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i]! * b[i]!;
    aa += a[i]! ** 2;
    bb += b[i]! ** 2;
  }
  return Math.acos(Math.min(1, Math.max(-1, ab / Math.sqrt(aa * bb))));
}
