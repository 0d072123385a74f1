import { awaiting } from '#lib/base/awaited.svelte.ts';
import { denoiserConfig } from '#lib/diffusion/session/live-denoiser.svelte.ts';
import type { UViTConfig } from '#lib/models/uvit/config.ts';
import type { Frame } from '#lib/diffusion/session/frames.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { momentOf } from '#lib/diffusion/math/spec.ts';
import type { FaultRecord } from '#lib/base/errors.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import { measure, type Measures, type Places } from './attention-measures.ts';

/** What was measured at one state of the run. */
export interface Heard {
  readonly step: number;
  readonly t: number;
  readonly measures: Measures;
}

/**
 * Attention of every block and head at every state of a finished run, one pass a state: measured, not kept. Belongs
 * to one run, and is forgotten when another is asked for.
 */
export class Listening {
  readonly #live: LiveModel;
  readonly #names: readonly string[];
  readonly #places: Places;
  #heard = $state.raw<readonly Heard[]>([]);
  #fault = $state.raw<FaultRecord>();
  #of: readonly Frame[] | undefined;
  #stop: AbortController | undefined;

  /** @param names attention tensors of all blocks, in the order they run */
  constructor(live: LiveModel, names: readonly string[], places: Places) {
    this.#live = live;
    this.#names = names;
    this.#places = places;
  }

  /** One entry a step, from noise on, as far as it has come. */
  get heard(): readonly Heard[] {
    return this.#heard;
  }
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }

  /** Measures the first picture of a finished run; the same frames again do nothing. */
  follow(frames: readonly Frame[], label: number | null): void {
    if (frames === this.#of) return;
    this.#of = frames;
    void awaiting(() => this.#measure(frames, label));
  }
  again(label: number | null): void {
    const frames = this.#of;
    if (frames) void awaiting(() => this.#measure(frames, label));
  }

  /** For the end of the page. */
  dispose(): void {
    this.#stop?.abort();
  }

  async #measure(frames: readonly Frame[], label: number | null): Promise<void> {
    const model = denoiserConfig(this.#live);
    if (!model) return;
    this.#stop?.abort();
    const stop = (this.#stop = new AbortController());
    this.#heard = [];
    this.#fault = undefined;
    const { heads, classes, channels, image } = model.config as UViTConfig;
    const each = channels * image ** 2;
    const tokens = this.#places.prefix + this.#places.grid ** 2;
    try {
      // The last state is the finished picture; the network is not asked about it.
      for (const { x, t, step } of frames.slice(0, -1)) {
        const result = await this.#live.pass(
          {
            outputs: this.#names,
            inputs: {
              x: x.slice(0, each),
              t: Float32Array.of(momentOf(model.diffusion, t).fed),
              ...(classes > 0 && { y: Float32Array.of(label ?? classes) }),
            },
          },
          { key: 'uvit-listening', signal: stop.signal },
        );
        if (stop.signal.aborted) return;
        const layers = this.#names.map((name) => ({
          data: result.tensors.find((tensor) => tensor.name === name)!.data,
          heads,
          tokens,
        }));
        this.#heard = [...this.#heard, { step, t, measures: measure(layers, this.#places) }];
      }
    } catch (error) {
      const fault = toRecord(error);
      if (!stop.signal.aborted && fault.code !== 'cancelled') this.#fault = fault;
    }
  }
}
