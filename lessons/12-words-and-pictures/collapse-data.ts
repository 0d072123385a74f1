import { normals, philox } from '#lib/diffusion/math/noise.ts';

/** Groups of the data: heaps of points in the plane, three in each of two rows. */
export const GROUPS = 6;
/** From one heap's middle to the next. */
const APART = 1.2;
/** Standard deviation of the points within a heap, and of a view about its point. */
const WITHIN = 0.12;
const NOISE = 0.35;
/** Streams of the seed; the networks' weights take the first ones, one a layer. */
const STREAM = { train: 16, held: 17, first: 18 } as const;
const USES = 6;

/** Two noisy views each of some points. */
export interface Views {
  /** `[2n, 2]`: rows 2k and 2k + 1 are the views of point k. */
  readonly x: Float32Array;
  /** Group of each point `[n]`. */
  readonly groups: readonly number[];
}

function middle(group: number): readonly [number, number] {
  return [APART * ((group % 3) - 1), APART * (Math.floor(group / 3) - 0.5)];
}

function viewsOf(groups: readonly number[], draws: Float64Array): Views {
  const x = new Float32Array(4 * groups.length);
  groups.forEach((group, k) => {
    const [mx, my] = middle(group);
    const d = draws.subarray(USES * k, USES * (k + 1));
    const [px, py] = [mx + WITHIN * d[0]!, my + WITHIN * d[1]!];
    x.set([px + NOISE * d[2]!, py + NOISE * d[3]!, px + NOISE * d[4]!, py + NOISE * d[5]!], 4 * k);
  });
  return { x, groups };
}

/** New points for a step of the training: groups in turn, from a random one on. */
export function drawBatch(seed: number, step: number, points: number): Views {
  const first = philox([0, step, STREAM.first, 0], [seed, 0])[0]!;
  const groups = Array.from({ length: points }, (_, k) => (first + k) % GROUPS);
  return viewsOf(groups, normals(seed, step * USES * points, USES * points, STREAM.train));
}

/**
 * Views of points that are never trained on, sixteen points of each group, the same for every seed: rows 2k and 2k + 1
 * are the views of point k.
 */
export const HELD_VIEWS: Views = heldOut(16);

function heldOut(each: number): Views {
  const groups = Array.from({ length: each * GROUPS }, (_, k) => k % GROUPS);
  return viewsOf(groups, normals(0, 0, USES * groups.length, STREAM.held));
}
