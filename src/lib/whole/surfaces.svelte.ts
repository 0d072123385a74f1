import type { Tensor } from '#lib/base/tensor.ts';
import type { Ground } from '#lib/figures/scales.ts';
import { mapOf, without, withEntries } from './kept.ts';
import type { Plate } from './plates.ts';
import { surfaceOf, type Surface } from './surface.ts';

/** A plate and the values it is to show. */
export interface ToPaint {
  readonly plate: Plate;
  readonly tensor: Tensor;
}

/**
 * What is painted, by the plate's name. Values of one request are shown together: what belongs to a newer one is painted
 * behind the scenes and then takes the place of all that is shown.
 */
export class Surfaces {
  #shown = $state.raw<ReadonlyMap<string, Surface>>(mapOf());
  #generation: unknown;
  #stop: AbortController | undefined;

  /** Reactive. */
  get(name: string): Surface | undefined {
    return this.#shown.get(name);
  }
  /** Reactive. How many plates show their values. */
  get size(): number {
    return this.#shown.size;
  }

  /**
   * Shows these values and no others.
   * @param generation which request they answer
   */
  async show(list: readonly ToPaint[], generation: unknown, ground: Ground): Promise<void> {
    this.#stop?.abort();
    const { signal } = (this.#stop = new AbortController());
    const fresh = generation !== this.#generation;
    const next: [string, Surface][] = [];
    for (const { plate, tensor } of list) {
      const known = this.#shown.get(plate.name);
      const same = known?.tensor.data === tensor.data && known.ground === ground;
      const made = same ? known : await surfaceOf(plate, tensor, ground, signal);
      if (signal.aborted || !made) return;
      next.push([plate.name, made]);
      // Of the request that is shown already, each plate is shown as soon as it is painted.
      if (!fresh && !same) this.#put(withEntries(this.#shown, [[plate.name, made]]));
    }
    this.#generation = generation;
    this.#put(mapOf(next));
  }

  #put(next: ReadonlyMap<string, Surface>): void {
    const bitmaps = (of: ReadonlyMap<string, Surface>) => [...of.values()].map((s) => s.bitmap);
    for (const bitmap of without(bitmaps(this.#shown), bitmaps(next))) bitmap.close();
    this.#shown = next;
  }
}
