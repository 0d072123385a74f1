import { frameOf, fromFrames } from './tubelet.ts';

/** Sum of the products of two rows of one length. @throws RangeError if their lengths differ */
export function dotOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length)
    throw new RangeError(`rows of ${a.length} and ${b.length} values have no product`);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

const framesOf = (values: ArrayLike<number>, t: number) =>
  Array.from({ length: t }, (_, f) => frameOf(values, t, f));

/**
 * The kernel of a picture that a kernel `[3, t, p, p]` is on a clip at rest: its frames added up, `[3, p, p]`, since
 * equal frames can be taken out of the sum.
 */
export function stillKernel(kernel: ArrayLike<number>, t: number): Float32Array {
  const frames = framesOf(kernel, t);
  return Float32Array.from({ length: kernel.length / t }, (_, i) =>
    frames.reduce((sum, frame) => sum + (frame[i] ?? 0), 0),
  );
}

/** Filter inflation (ViViT, section 3.4, after Carreira & Zisserman 2017): the picture's kernel at every frame, over t. */
export function inflated(picture: ArrayLike<number>, t: number): Float32Array {
  const part = Float32Array.from(picture, (v) => v / t);
  return fromFrames(Array.from({ length: t }, () => part));
}

/** Central frame initialisation (ViViT, section 3.4): the picture's kernel at frame ⌊t / 2⌋ (from 0), zeros elsewhere. */
export function centralFrame(picture: ArrayLike<number>, t: number): Float32Array {
  const none = new Float32Array(picture.length);
  return fromFrames(Array.from({ length: t }, (_, f) => (f === middleOf(t) ? picture : none)));
}

/** The frame of a tubelet that central frame initialisation reads, from 0. */
export const middleOf = (t: number): number => Math.floor(t / 2);

/** A tubelet as it runs, backwards, and with its middle frame in place of all. */
export const RUNS = ['runs', 'reversed', 'still'] as const;
export type Run = (typeof RUNS)[number];

/** The same tubelet `[3, t, p, p]` in three ways. */
export function runsOf(tubelet: ArrayLike<number>, t: number): Readonly<Record<Run, Float32Array>> {
  const frames = framesOf(tubelet, t);
  const middle = frames[middleOf(t)] ?? new Float32Array();
  return {
    runs: fromFrames(frames),
    reversed: fromFrames([...frames].reverse()),
    still: fromFrames(frames.map(() => middle)),
  };
}

/** The learned kernel, and the two that begin from that of a picture. */
export const STARTS = ['learned', 'inflated', 'central'] as const;
export type Start = (typeof STARTS)[number];

/** The three kernels `[3, t, p, p]` of one dimension of the token, all of one picture's kernel. */
export function startsOf(kernel: ArrayLike<number>, t: number): Readonly<Record<Start, Float32Array>> {
  const picture = stillKernel(kernel, t);
  return {
    learned: Float32Array.from(kernel),
    inflated: inflated(picture, t),
    central: centralFrame(picture, t),
  };
}

/**
 * How far a token moves when its tubelet is reversed or stands still, for each kernel: the length of the difference over
 * that of the token, without bias. 0: the same token.
 * @param kernels `[D, 3, t, p, p]` flat
 */
export function movedBy(
  kernels: ArrayLike<number>,
  tubelet: ArrayLike<number>,
  t: number,
): Readonly<Record<Start, Readonly<Record<Exclude<Run, 'runs'>, number>>>> {
  const P = tubelet.length;
  const runs = runsOf(tubelet, t);
  const sums = Object.fromEntries(
    STARTS.map((start) => [start, { length: 0, reversed: 0, still: 0 }]),
  ) as Record<Start, { length: number; reversed: number; still: number }>;
  for (let from = 0; from < kernels.length; from += P) {
    const starts = startsOf(Array.prototype.slice.call(kernels, from, from + P), t);
    for (const start of STARTS) {
      const given = dotOf(starts[start], runs.runs);
      const sum = sums[start];
      sum.length += given ** 2;
      for (const run of ['reversed', 'still'] as const)
        sum[run] += (dotOf(starts[start], runs[run]) - given) ** 2;
    }
  }
  const over = ({ length, reversed, still }: (typeof sums)[Start]) => {
    // Sums in another order differ in the last bits of a double: that is no change.
    const part = (v: number) => (v > length * 1e-24 ? Math.sqrt(v / length) : 0);
    return { reversed: part(reversed), still: part(still) };
  };
  return { learned: over(sums.learned), inflated: over(sums.inflated), central: over(sums.central) };
}
