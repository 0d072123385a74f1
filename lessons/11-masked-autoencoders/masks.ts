import { normals } from '#lib/diffusion/math/noise.ts';

/** How the hidden patches are chosen. `own`: the reader has painted them. */
export const KINDS = ['random', 'block', 'grid', 'own'] as const;
export type MaskKind = (typeof KINDS)[number];

/** Which patches of a picture are seen. */
export interface Masking {
  /** All patches: the seen ones in the order the encoder gets them, then the hidden ones in reading order. */
  readonly order: readonly number[];
  readonly visible: number;
  /** Of each patch, whether it is hidden. */
  readonly hidden: readonly boolean[];
}

/** Patches from the first to be hidden to the last, for a grid of `side` × `side`. */
type Queue = (side: number, seed: number) => readonly number[];

const all = (side: number) => Array.from({ length: side * side }, (_, i) => i);

/** Noise for every patch; the ones with the most are hidden first (He et al. 2022, section 3). */
const byNoise: Queue = (side, seed) => {
  const noise = normals(seed, 0, side * side);
  return all(side).sort((a, b) => noise[b]! - noise[a]!);
};

/** Rectangles of 4 to about a fifth of the patches, one after another, until all are hidden. */
const byBlocks: Queue = (side, seed) => {
  const hidden = new Set<number>();
  const most = Math.max(2, Math.round(0.55 * side));
  // A normal, as a share of 1.
  const numbers = normals(seed, 1, 4 * 64);
  const share = (i: number) => 1 / (1 + Math.exp(-1.7 * numbers[i]!));
  for (let n = 0; n < 64 && hidden.size < side * side; n++) {
    const [high, wide] = [0, 1].map((i) => 2 + Math.floor(share(4 * n + i) * (most - 1)));
    const [row, column] = [
      Math.floor(share(4 * n + 2) * (side - high! + 1)),
      Math.floor(share(4 * n + 3) * (side - wide! + 1)),
    ];
    for (let y = row; y < row + high!; y++)
      for (let x = column; x < column + wide!; x++) hidden.add(y * side + x);
  }
  return [...hidden, ...all(side).filter((n) => !hidden.has(n))];
};

/**
 * As evenly as a grid allows: at three quarters one patch of every 2 × 2 is left, at a half a chessboard. Patches are
 * hidden by their place in an ordered dither (Bayer 1973), the pattern of which repeats after 8; the seed moves it.
 */
const byGrid: Queue = (side, seed) => {
  const level = (row: number, column: number) => {
    let value = 0;
    for (let bit = 0; bit < 3; bit++) {
      const [y, x] = [(row >> bit) & 1, (column >> bit) & 1];
      value = 4 * value + (y ? (x ? 1 : 3) : x ? 2 : 0);
    }
    return value;
  };
  const at = (n: number) => level(Math.floor(n / side) + (seed & 7), (n % side) + ((seed >> 3) & 7));
  return all(side).sort((a, b) => at(b) - at(a) || a - b);
};

const QUEUES: Readonly<Record<Exclude<MaskKind, 'own'>, Queue>> = {
  random: byNoise,
  block: byBlocks,
  grid: byGrid,
};

/** The masking that hides these patches; the seen ones in the order given. */
export function maskingFrom(hidden: ReadonlySet<number>, side: number, order = all(side)): Masking {
  const seen = order.filter((n) => !hidden.has(n));
  return {
    order: [...seen, ...all(side).filter((n) => hidden.has(n))],
    visible: seen.length,
    hidden: all(side).map((n) => hidden.has(n)),
  };
}

/**
 * The masking that hides a part of the patches, rounded to whole ones.
 * @param ratio 0 (nothing hidden) to 1 (nothing seen)
 */
export function maskingOf(
  kind: Exclude<MaskKind, 'own'>,
  { ratio, seed, side }: { readonly ratio: number; readonly seed: number; readonly side: number },
): Masking {
  const queue = QUEUES[kind](side, seed);
  const hidden = new Set(queue.slice(0, Math.round(ratio * side * side)));
  // The shuffle is the noise's; a block or a grid is read as it lies.
  return kind === 'random' ? maskingFrom(hidden, side, [...queue].reverse()) : maskingFrom(hidden, side);
}

/** Hidden patches as hexadecimal digits, four patches a digit, the first patch the highest bit. */
export function printMask(hidden: readonly boolean[]): string {
  return Array.from({ length: Math.ceil(hidden.length / 4) }, (_, digit) =>
    [0, 1, 2, 3].reduce((sum, bit) => sum * 2 + (hidden[4 * digit + bit] ? 1 : 0), 0).toString(16),
  ).join('');
}

/** The patches of a printed mask; undefined for one of another number of patches. */
export function readMask(raw: string, patches: number): ReadonlySet<number> | undefined {
  if (!/^[0-9a-f]+$/.test(raw) || raw.length !== Math.ceil(patches / 4)) return undefined;
  const found = new Set<number>();
  for (let n = 0; n < patches; n++) if (parseInt(raw[n >> 2]!, 16) & (8 >> (n & 3))) found.add(n);
  return found;
}

/** Of each patch, whether it is hidden where these are seen. */
export function hiddenBut(seen: ArrayLike<number>, patches: number): readonly boolean[] {
  const hidden = Array.from({ length: patches }, () => true);
  for (let i = 0; i < seen.length; i++) hidden[seen[i]!] = false;
  return hidden;
}
