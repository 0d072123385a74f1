import type { Tensor } from '#lib/base/tensor.ts';
import { kindsOf } from './map-classes.ts';

/** Every patch's probabilities at the chosen depth. */
export interface PatchLens {
  readonly depth: number;
  readonly grid: number;
  /** `[N, K]`. */
  readonly probs: Float32Array;
  /** Most probable class of each patch. */
  readonly winners: readonly number[];
}

/** What the map is drawn from. */
interface Readings {
  readonly patches: PatchLens | undefined;
  /** The class that is asked about. */
  readonly asked: number | undefined;
  readonly config: { readonly classes: number };
  /** Names of the stream at every depth. */
  readonly streams: readonly string[];
}

/** The map of the patches as picture and legend show it; both sides of the stage read the same. */
export class PatchMap {
  readonly #of: Readings;
  /** Kind under the pointer in the legend, −1: none. */
  lit = $state(-1);

  constructor(of: Readings) {
    this.#of = of;
  }

  readonly kinds = $derived.by(() => {
    const { patches, asked } = this.#of;
    return patches && kindsOf(patches.winners, asked);
  });
  /** Probability of the class that is asked about, patch by patch, `[grid, grid]`. */
  readonly heat: Tensor | undefined = $derived.by(() => {
    const { patches, asked, config, streams } = this.#of;
    if (!patches || asked === undefined) return undefined;
    const { grid, probs, depth } = patches;
    const data = Float32Array.from({ length: grid * grid }, (_, t) => probs[t * config.classes + asked]!);
    return { name: streams[depth]!, shape: [grid, grid], dims: ['H', 'W'], data };
  });
}
