import { sizeOf, type Tensor } from '#lib/base/tensor.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { Ground } from '#lib/figures/scales.ts';
import { busy, mapOf, withEntries } from './kept.ts';
import type { Plate } from './plates.ts';
import { Surfaces } from './surfaces.svelte.ts';
import type { Surface } from './surface.ts';

/**
 * Values of weights, fetched a group at a time when a reader comes close, and kept: they are the same for every picture.
 * Those that are resized with the patches are fetched anew with another patch size.
 */
export class Weights {
  readonly #live: LiveModel;
  readonly #surfaces = new Surfaces();
  #all = $state.raw<ReadonlyMap<string, Tensor>>(mapOf());
  /** Names that are on their way. */
  readonly #asked = busy();

  constructor(live: LiveModel) {
    this.#live = live;
  }

  /** Reactive. What is here, by name. */
  get all(): ReadonlyMap<string, Tensor> {
    return this.#all;
  }
  surface(name: string): Surface | undefined {
    return this.#surfaces.get(name);
  }

  /** Fetches the weights among these plates that are not here yet. Nothing happens before the model is. */
  async fetch(plates: readonly Plate[]): Promise<void> {
    if (this.#live.phase !== 'ready' || !this.#live.inputs) return;
    const wanted = plates.filter(
      (p) =>
        p.kind === 'weight' &&
        !this.#asked.has(p.name) &&
        this.#all.get(p.name)?.data.length !== sizeOf(p.value.shape),
    );
    if (wanted.length === 0) return;
    for (const p of wanted) this.#asked.add(p.name);
    try {
      const outputs = wanted.map((p) => p.name);
      const { tensors } = await this.#live.pass({ inputs: this.#live.inputs, outputs });
      this.#all = withEntries(
        this.#all,
        tensors.map((t) => [t.name, t] as const),
      );
    } catch {
      // They are asked for again when the reader moves on; the model's own line says what is wrong.
    } finally {
      for (const p of wanted) this.#asked.delete(p.name);
    }
  }

  /** Paints what is here. */
  paint(plates: readonly Plate[], all: ReadonlyMap<string, Tensor>, ground: Ground): Promise<void> {
    const list = plates.flatMap((plate) => {
      const tensor = plate.kind === 'weight' ? all.get(plate.name) : undefined;
      return tensor?.data.length === sizeOf(plate.value.shape) ? [{ plate, tensor }] : [];
    });
    return this.#surfaces.show(list, 'weights', ground);
  }
}
