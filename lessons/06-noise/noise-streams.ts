import { normals } from '#lib/diffusion/math/noise.ts';

/**
 * Where each noise of this lesson comes from: a stream of the reader's seed (tests/reference.py draws the
 * same). Stream 0 is the ε from which a sampling run with this seed starts.
 */
export const STREAMS = { small: 0, full: 1, links: 2, jump: 3, walkers: 4, walkJumps: 5, frames: 6 } as const;

/** Draw number `k` of `count` normals from a stream. */
export function drawOf(seed: number, stream: keyof typeof STREAMS, count: number, k = 0): Float64Array {
  return normals(seed, k * count, count, STREAMS[stream]);
}
