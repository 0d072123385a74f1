import { awaiting } from '#lib/base/awaited.svelte.ts';
import type { FaultRecord } from '#lib/base/errors.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import { CODES, PLACES, WIDTH } from './model.ts';

/** Grids of codes that hold every code once. */
const GRIDS = CODES / PLACES;

/**
 * The entries of the codebook, `[K, E]`, as the network itself looks them up: all codes are fed to it, some grids at once.
 * Reactive.
 */
export class Codebook {
  readonly #live: LiveModel;
  #entries = $state.raw<Float32Array>();
  #fault = $state.raw<FaultRecord>();
  #loading: Promise<void> | undefined;

  /** @param live the autoencoder with one grid */
  constructor(live: LiveModel) {
    this.#live = live;
  }

  get entries(): Float32Array | undefined {
    return this.#entries;
  }
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }
  /** Looks them up, once; after a fault again. */
  load(): Promise<void> {
    this.#loading ??= awaiting(() => this.#load());
    return this.#loading;
  }
  retry(): void {
    void this.load();
  }
  /** The numbers of a code, `[E]`; undefined until they are here. */
  of(code: number): Float32Array | undefined {
    return this.#entries?.subarray(code * WIDTH, (code + 1) * WIDTH);
  }

  async #load(): Promise<void> {
    this.#fault = undefined;
    try {
      const { tensors } = await this.#live.pass({
        inputs: { codes: Float32Array.from({ length: CODES }, (_, code) => code) },
        outputs: ['z'],
        variant: { fromCodes: 1 },
        batch: GRIDS,
      });
      if (tensors[0]) this.#entries = rowsOf(tensors[0].data);
    } catch (error) {
      this.#fault = toRecord(error);
      this.#loading = undefined;
    }
  }
}

/** `[grids, E, places]` to rows `[grids · places, E]`. */
function rowsOf(z: Float32Array): Float32Array {
  return Float32Array.from({ length: z.length }, (_, i) => {
    const [code, e] = [Math.floor(i / WIDTH), i % WIDTH];
    const [grid, place] = [Math.floor(code / PLACES), code % PLACES];
    return z[(grid * WIDTH + e) * PLACES + place] ?? 0;
  });
}
