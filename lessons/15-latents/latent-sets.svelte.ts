import { awaiting } from '#lib/base/awaited.svelte.ts';
import type { FaultRecord } from '#lib/base/errors.ts';
import { preprocess } from '#lib/images/index.ts';
import { whole } from '#lib/pictures/sign-sheet.svelte.ts';
import { pixelSpec } from '#lib/pictures/small.svelte.ts';
import { SmallGallery } from '#lib/pictures/small-gallery.svelte.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import { SETS } from './latent-fields.ts';
import { CHANNELS, SIDE } from './model.ts';
import { measure, type SetMeasure } from './latent-measure.ts';
import type { LatentsViewModel } from './view-model.svelte.ts';

export type SetName = (typeof SETS)[number];
/** Pictures of a set, and of one pass. */
const COUNT = 36;
const AT_ONCE = 6;

/** Latents of the gallery's pictures and of as many signs, encoded where somebody looks at them, and kept. Reactive. */
export class LatentSets {
  readonly #vm: LatentsViewModel;
  readonly #gallery = new SmallGallery(SIDE);
  #found = $state.raw<Readonly<Partial<Record<SetName, SetMeasure>>>>({});
  #done = $state(0);
  #fault = $state.raw<FaultRecord>();
  #busy: SetName | undefined;

  constructor(vm: LatentsViewModel) {
    this.#vm = vm;
  }

  of(set: SetName): SetMeasure | undefined {
    return this.#found[set];
  }
  /** Pictures encoded so far of the set under way. */
  get done(): number {
    return this.#done;
  }
  get count(): number {
    return COUNT;
  }
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }

  /** Encodes a set, once. In an effect, so that it begins when the pictures are here. */
  want(set: SetName): void {
    const pictures = set === 'photos' ? this.#photos() : this.#signs();
    if (!pictures || this.#found[set] || this.#busy) return;
    this.#busy = set;
    void awaiting(() => this.#encode(set, pictures)).finally(() => (this.#busy = undefined));
  }

  #photos(): readonly Float32Array[] | undefined {
    void this.#gallery.load(COUNT);
    const { list } = this.#gallery;
    return list.length > 0 ? list.map(({ x0 }) => x0) : undefined;
  }
  /** Signs that the networks were trained on, evenly spread over the atlas. */
  #signs(): readonly Float32Array[] | undefined {
    void this.#vm.given.loadSigns();
    const { atlas, sheet } = this.#vm.given;
    if (!atlas || !sheet.ready) return undefined;
    const seen = atlas.concepts.filter(({ split }) => split === 'train');
    return Array.from({ length: COUNT }, (_, i) => {
      const one = seen[Math.floor((i * seen.length) / COUNT)];
      return one && sheet.picture(whole(one.id), SIDE);
    }).flatMap((picture) => (picture ? [preprocess(picture, pixelSpec(SIDE))] : []));
  }

  async #encode(set: SetName, pictures: readonly Float32Array[]): Promise<void> {
    this.#fault = undefined;
    this.#done = 0;
    const each = pictures[0]?.length ?? 0;
    const found: Float32Array[] = [];
    try {
      for (let from = 0; from + AT_ONCE <= pictures.length; from += AT_ONCE) {
        const x = new Float32Array(AT_ONCE * each);
        pictures.slice(from, from + AT_ONCE).forEach((picture, i) => x.set(picture, i * each));
        const { tensors } = await this.#vm.autoencoder.pass({
          inputs: { x },
          outputs: ['mean'],
          batch: AT_ONCE,
        });
        if (!tensors[0]) return;
        found.push(tensors[0].data);
        this.#done = from + AT_ONCE;
      }
      this.#found = { ...this.#found, [set]: measure(found, CHANNELS, AT_ONCE) };
    } catch (error) {
      this.#fault = toRecord(error);
    }
  }
}
