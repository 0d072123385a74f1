import type { Text } from '#lib/base/lang.ts';
import { drawnClip } from './stand-in.ts';
import type { VideoState } from './state.ts';

/** A clip as the networks are fed it. */
export interface Clip {
  /** `[count, 3, side, side]`, −1 … 1; a new array for each clip, never changed. */
  readonly frames: Float32Array;
  readonly count: number;
  readonly side: number;
  readonly from: 'drawn' | 'file' | 'camera' | 'frames';
  /** The true class where it is drawn. */
  readonly motion?: string;
  readonly name: Text;
}

/** Where the clip comes from. */
export class ClipSource {
  readonly #state: VideoState;
  readonly #size: { readonly count: number; readonly side: number };

  constructor(state: VideoState, size: { readonly count: number; readonly side: number }) {
    this.#state = state;
    this.#size = size;
  }
  readonly current: Clip | undefined = $derived.by(() => {
    const { count, side } = this.#size;
    return {
      frames: drawnClip(this.#state.seed, count, side),
      count,
      side,
      from: 'drawn',
      motion: 'right',
      name: { en: 'a square to the right', zh: '向右的方块' },
    };
  });
}
