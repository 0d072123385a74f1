import { awaiting } from '#lib/base/awaited.svelte.ts';
import type { FaultRecord } from '#lib/base/errors.ts';
import { momentOf } from '#lib/diffusion/math/spec.ts';
import { denoiserConfig } from '#lib/diffusion/session/live-denoiser.svelte.ts';
import type { PaintedFrame } from '#lib/diffusion/session/painting-session.svelte.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import type { Sequence } from './sequence.ts';
import { weightsOf, wordMap } from './word-attention.ts';

/** What was measured at one state of the run: mean over all blocks and heads. */
export interface Heard {
  readonly step: number;
  readonly t: number;
  /** The weight that patches give to each token before them. */
  readonly weights: Float32Array;
  /** Of each text token the weight that each patch gives to it, `[N]`. */
  readonly maps: readonly Float32Array[];
}

const ALL = { block: -1, head: -1 } as const;

/**
 * What the patches give to the words at every state of a finished painting, one pass a state: measured, not kept.
 * Belongs to one run, and is forgotten when another is asked for.
 */
export class WordListening {
  readonly #live: LiveModel;
  readonly #names: readonly string[];
  readonly #sequence: Sequence;
  #heard = $state.raw<readonly Heard[]>([]);
  #fault = $state.raw<FaultRecord>();
  #ids = $state.raw<readonly number[]>([]);
  #of: readonly PaintedFrame[] | undefined;
  #style: number | null = null;
  #stop: AbortController | undefined;

  /** @param names attention tensors of all blocks, in the order they run */
  constructor(live: LiveModel, names: readonly string[], sequence: Sequence) {
    this.#live = live;
    this.#names = names;
    this.#sequence = sequence;
  }

  /** One entry a step, from noise on, as far as it has come. */
  get heard(): readonly Heard[] {
    return this.#heard;
  }
  /** Ids of the text that was painted. */
  get ids(): readonly number[] {
    return this.#ids;
  }
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }

  /** Measures the first picture of a finished run; the same frames again do nothing. Undefined: there is none. */
  follow(frames: readonly PaintedFrame[] | undefined, ids: readonly number[], style: number | null): void {
    if (frames === this.#of) return;
    this.dispose();
    this.#of = frames;
    this.#style = style;
    this.#ids = ids;
    this.#heard = [];
    if (frames) void awaiting(() => this.#measure(frames));
  }
  /** After a fault. */
  again(): void {
    const frames = this.#of;
    if (frames) void awaiting(() => this.#measure(frames));
  }
  /** Stops; the next `follow` begins anew. */
  dispose(): void {
    this.#stop?.abort();
    this.#of = undefined;
  }

  async #measure(frames: readonly PaintedFrame[]): Promise<void> {
    const model = denoiserConfig(this.#live);
    if (!model) return;
    this.#stop?.abort();
    const stop = (this.#stop = new AbortController());
    this.#heard = [];
    this.#fault = undefined;
    const { text, words } = this.#sequence;
    try {
      // A step's context is what the network was told at the state before it.
      for (const [i, { x, t, step }] of frames.slice(0, -1).entries()) {
        const told = frames[i + 1]?.by?.context.told;
        if (!told) return;
        const inputs = {
          x,
          t: Float32Array.of(momentOf(model.diffusion, t).fed),
          y: Float32Array.of(this.#style ?? styles(model.config)),
          context: told,
        };
        const { tensors } = await this.#live.pass(
          { outputs: this.#names, inputs },
          { key: 'word-listening', signal: stop.signal },
        );
        if (stop.signal.aborted) return;
        const layers = tensors.map(({ data, shape }) => ({
          data,
          heads: shape.at(-3) ?? 1,
          tokens: shape.at(-1) ?? 0,
        }));
        const maps = Array.from({ length: words }, (_, at) =>
          wordMap(layers, ALL, text + at, 'to', this.#sequence),
        );
        this.#heard = [...this.#heard, { step, t, weights: weightsOf(layers, ALL, this.#sequence), maps }];
      }
    } catch (error) {
      const fault = toRecord(error);
      if (!stop.signal.aborted && fault.code !== 'cancelled') this.#fault = fault;
    }
  }
}

/** The index of “no style”: the row after the last. */
const styles = (config: object): number =>
  'classes' in config && typeof config.classes === 'number' ? config.classes : 0;
