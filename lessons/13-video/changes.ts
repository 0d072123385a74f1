import { permutation } from '#lib/analysis/permute.ts';
import type { InputValues } from '#lib/models/family.ts';
import type { Way } from './held-out.ts';
import type { CHANGES } from './state.ts';

export type Change = (typeof CHANGES)[number];

/** How a change is measured on held-out clips. */
export const WAY_OF: Readonly<Record<Change, Way>> = {
  shuffle: 'shuffled',
  reverse: 'reversed',
  freeze: 'frozen',
  drop: 'half',
  positions: 'timeless',
};

/** What a change is made with. */
export interface ChangeSettings {
  readonly seed: number;
  /** The frame that stands in place of all. */
  readonly frame: number;
}

/** Which frame stands at each place after the change, as the training measures it. */
export function changedOrder(
  change: Change,
  count: number,
  { seed, frame }: ChangeSettings,
): readonly number[] {
  const own = Array.from({ length: count }, (_, i) => i);
  switch (change) {
    case 'shuffle':
      return [...permutation(count, seed)];
    case 'reverse':
      return own.toReversed();
    case 'freeze':
      return own.map(() => Math.min(frame, count - 1));
    case 'drop':
      return own.map((i) => i - (i % 2));
    case 'positions':
      return own;
  }
}

/** Frames `[F, …]`, flat, in another order; a new array. */
export function reordered(frames: Float32Array, order: readonly number[]): Float32Array {
  const size = frames.length / order.length;
  const out = new Float32Array(frames.length);
  order.forEach((from, i) => out.set(frames.subarray(from * size, (from + 1) * size), i * size));
  return out;
}

/** Inputs of the network that a change sets. */
export function changedInputs(change: Change): InputValues | undefined {
  return change === 'positions' ? { time_pos_scale: Float32Array.of(0) } : undefined;
}
