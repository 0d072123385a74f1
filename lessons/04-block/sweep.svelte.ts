import type { ViTConfig } from '#lib/models/vit/config.ts';
import { Fault, type FaultRecord } from '#lib/base/errors.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { toRecord } from '#lib/runtime/protocol.ts';

/**
 * Every block left out by itself, one pass after the other. What is found belongs to one picture and one patch size,
 * and is forgotten when either changes.
 */
export class Sweep {
  readonly #live: LiveModel<ViTConfig>;
  #found = $state.raw<readonly Float32Array[]>([]);
  #running = $state(false);
  #fault = $state.raw<FaultRecord>();
  #stop: AbortController | undefined;
  #of: { input: Float32Array | undefined; patch: number | undefined } | undefined;

  constructor(live: LiveModel<ViTConfig>) {
    this.#live = live;
    $effect(() => {
      const input = live.inputs?.x;
      const { patch } = live.variant;
      if (this.#of && (this.#of.input !== input || this.#of.patch !== patch)) this.clear();
    });
    $effect(() => () => this.#stop?.abort());
  }

  /** `probs` `[K]` without block i, as far as the sweep has come. */
  get found(): readonly Float32Array[] {
    return this.#found;
  }
  get running(): boolean {
    return this.#running;
  }
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }

  clear(): void {
    this.#stop?.abort();
    this.#found = [];
    this.#fault = undefined;
  }
  cancel(): void {
    this.#stop?.abort();
  }

  async start(): Promise<void> {
    const { config, inputs, variant } = this.#live;
    const input = inputs?.x;
    const { patch } = variant;
    if (this.#running || !input || patch === undefined || !config) return;
    const stop = (this.#stop = new AbortController());
    this.#running = true;
    this.#fault = undefined;
    this.#found = [];
    this.#of = { input, patch };
    const { depth } = config.config;
    try {
      for (let block = 0; block < depth; block++) {
        const gates = new Float32Array(depth).fill(1);
        gates[block] = 0;
        const { tensors } = await this.#live.pass(
          {
            variant: { patch },
            outputs: ['probs'],
            inputs: { x: input, block_skip: gates },
            interventions: true,
          },
          { key: 'block-sweep', signal: stop.signal },
        );
        if (stop.signal.aborted) throw new Fault('cancelled');
        this.#found = [...this.#found, tensors[0]!.data];
      }
    } catch (error) {
      const fault = toRecord(error);
      if (fault.code !== 'cancelled') this.#fault = fault;
    } finally {
      this.#running = false;
    }
  }
}
