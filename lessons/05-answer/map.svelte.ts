import type { Tensor } from '#lib/base/tensor.ts';
import { kindsOf } from './kinds.ts';
import type { AnswerRoom } from './room.svelte.ts';

/** The map of the patches as picture and legend show it; both sides of the stage read the same. */
export class PatchMap {
  readonly #room: AnswerRoom;
  /** Kind under the pointer in the legend, −1: none. */
  lit = $state(-1);

  constructor(room: AnswerRoom) {
    this.#room = room;
  }

  readonly kinds = $derived.by(() => {
    const patches = this.#room.patches;
    return patches && kindsOf(patches.winners, this.#room.asked);
  });
  /** Probability of the class that is asked about, patch by patch, `[grid, grid]`. */
  readonly heat: Tensor | undefined = $derived.by(() => {
    const { patches, asked, config, streams } = this.#room;
    if (!patches || asked === undefined) return undefined;
    const { grid, probs, depth } = patches;
    const data = Float32Array.from({ length: grid * grid }, (_, t) => probs[t * config.classes + asked]!);
    return { name: streams[depth]!, shape: [grid, grid], dims: ['H', 'W'], data };
  });
}
