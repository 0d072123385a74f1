import { classesOf, pictureOf } from '#lib/models/registry.ts';
import type { FaultRecord } from '#lib/base/errors.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { toRecord } from '#lib/runtime/protocol.ts';

/** Passes that are timed after one that is not. */
const PASSES = 5;

/** How fast this device multiplies: a few passes of a small network that is here anyway, timed in the worker. */
export class DevicePace {
  readonly #live: LiveModel;
  readonly #macs: number;
  #busy = $state(false);
  #ms = $state<number>();
  #fault = $state.raw<FaultRecord>();

  /** @param macs multiply-adds of one pass of the network */
  constructor(live: LiveModel, macs: number) {
    this.#live = live;
    this.#macs = macs;
  }

  get busy(): boolean {
    return this.#busy;
  }
  /** Median milliseconds of a pass. */
  get ms(): number | undefined {
    return this.#ms;
  }
  /** Multiply-adds a millisecond. */
  get pace(): number | undefined {
    return this.#ms === undefined ? undefined : this.#macs / this.#ms;
  }
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }

  /** Measures again. */
  async measure(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    this.#fault = undefined;
    try {
      const config = await this.#live.describe();
      if (!(await this.#live.load())) return void (this.#fault = this.#live.fault);
      const { channels, height, width } = pictureOf(config)!;
      const { count: classes } = classesOf(config);
      const request = {
        outputs: ['prediction'],
        inputs: {
          x: new Float32Array(channels * height * width),
          t: Float32Array.of(0),
          ...(classes > 0 && { y: Float32Array.of(0) }),
        },
      };
      const times: number[] = [];
      for (let i = 0; i <= PASSES; i++) {
        const { ms } = await this.#live.pass(request);
        if (i > 0) times.push(ms);
      }
      times.sort((a, b) => a - b);
      this.#ms = Math.max(0.01, times[times.length >> 1] ?? 0);
    } catch (error) {
      this.#fault = toRecord(error);
    } finally {
      this.#busy = false;
    }
  }
}
