/** Root mean square over the numbers of each place, `[places]`, of latents `[E, g, g]`. */
export function placeSizes(latents: Float32Array, places: number): Float32Array {
  const width = latents.length / places;
  return Float32Array.from({ length: places }, (_, i) => {
    let sum = 0;
    for (let e = 0; e < width; e++) sum += (latents[e * places + i] ?? NaN) ** 2;
    return Math.sqrt(sum / width);
  });
}

/** Latents with others taken away, number by number. */
export const minus = (a: Float32Array, b: Float32Array): Float32Array => a.map((v, i) => v - (b[i] ?? NaN));

/**
 * The share of the rest's energy that is gone once something was added: 1 − ‖what is missing after‖² / ‖what was missing
 * before‖². Below 0: what was added has made it worse.
 */
export function givenBack(missing: Float32Array, after: Float32Array): number {
  const energy = (values: Float32Array) => values.reduce((sum, v) => sum + v * v, 0);
  return 1 - energy(after) / energy(missing);
}
