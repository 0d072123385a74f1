import { awaiting } from '#lib/base/awaited.svelte.ts';
import type { FaultRecord } from '#lib/base/errors.ts';
import { preprocess, unpreprocess, type Rgba } from '#lib/images/index.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { SwinConfig } from '#lib/models/swin/config.ts';
import { best, type Guess } from '#lib/notebook/answer.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import { apart, greyedInput, rolledInput } from './rolled-input.ts';
import type { Twins } from './twins.svelte.ts';
import type { Twin } from './twin-rows.ts';
import { errorsOf } from './weight-rows.ts';

/** The two that are compared: what differs is the shift alone. */
export const COMPARED = ['window', 'shifted'] as const satisfies readonly Twin[];

/** What is asked: a picture at a side, rolled by some pixels, with one cell of the last grid turned grey. */
export interface BorderWish {
  readonly picture: Rgba;
  readonly side: number;
  readonly roll: number;
  /** Index of the cell in the rolled picture. */
  readonly cell: number;
}

/** What one twin does with it. */
export interface BorderAnswer {
  readonly twin: Twin;
  readonly of: BorderWish;
  /** Tokens along a side of the last stage. */
  readonly grid: number;
  /** `[N]`: how far each token of the last stage has moved by the grey cell, relative to its length. */
  readonly reach: Float32Array;
  /** Tokens that have moved at all. */
  readonly reached: number;
  /** The rolled picture as the network sees it. */
  readonly seen: Rgba;
  /** The first answer to the picture as it is, and rolled. */
  readonly still: Guess;
  readonly rolled: Guess;
  /** How far the two distributions lie apart, 0 to 1. */
  readonly moved: number;
}

/** Below this part of its length a token has not moved: rounding of float32. */
const STILL = 1e-5;

/** How far one changed cell reaches in the windowed and in the shifted twin, and what a roll does to their answers. */
export class BorderRun {
  readonly #twins: Twins;
  #answers = $state.raw<readonly BorderAnswer[]>([]);
  #fault = $state.raw<FaultRecord>();
  #stop = $state.raw<AbortController>();

  constructor(twins: Twins) {
    this.#twins = twins;
  }
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }
  answer(twin: Twin, of: BorderWish | undefined): BorderAnswer | undefined {
    return this.#answers.find((answer) => answer.twin === twin && answer.of === of);
  }
  get busy(): boolean {
    return this.#stop !== undefined;
  }
  cancel(): void {
    this.#stop?.abort();
  }

  /** Asks both. A newer wish puts an end to this one. */
  async ask(wish: BorderWish): Promise<void> {
    this.#stop?.abort();
    const stop = (this.#stop = new AbortController());
    this.#fault = undefined;
    try {
      await awaiting(async () => {
        const found: BorderAnswer[] = [];
        for (const twin of COMPARED) {
          const live = this.#twins.lives[twin];
          const answer = live && (await this.#one(twin, live, wish, stop.signal));
          if (stop.signal.aborted) return;
          if (answer) found.push(answer);
        }
        // Both at once: beside each other stands what is of one request.
        this.#answers = found;
      });
    } catch (error) {
      const fault = toRecord(error);
      if (fault.code !== 'cancelled' && this.#stop === stop) this.#fault = fault;
    } finally {
      if (this.#stop === stop) this.#stop = undefined;
    }
  }

  async #one(
    twin: Twin,
    live: LiveModel<SwinConfig>,
    of: BorderWish,
    signal: AbortSignal,
  ): Promise<BorderAnswer | undefined> {
    if (!(await live.load())) {
      if (!signal.aborted) this.#fault = live.fault;
      return undefined;
    }
    const { preprocessing, labels, config } = await live.describe();
    const { picture, side, roll, cell } = of;
    const spec = { ...preprocessing, size: side };
    const grid = side / config.patch / 2 ** (config.depths.length - 1);
    const still = preprocess(picture, spec);
    const rolled = rolledInput(still, side, roll);
    const grey = greyedInput(rolled, side, {
      ...{ row: Math.floor(cell / grid), col: cell % grid, size: side / grid },
    });
    const ask = async (x: Float32Array) => {
      const asked = { inputs: { x }, outputs: ['norm', 'probs'], variant: { image: side } };
      const [norm, probs] = (await live.pass(asked, { signal })).tensors;
      if (!norm || !probs) throw new RangeError('The network gave fewer tensors than were asked for.');
      return { norm, probs };
    };
    const [first, second, third] = [await ask(still), await ask(rolled), await ask(grey)];
    const tokens = grid * grid;
    const reach = errorsOf(third.norm.data, second.norm.data, { heads: 1, tokens, head: 0 }).each;
    const top = (probs: typeof first.probs) => best(probs, labels, 1)[0]!;
    return {
      ...{ twin, of, grid, reach, reached: reach.filter((moved) => moved > STILL).length },
      seen: unpreprocess(grey, spec),
      ...{ still: top(first.probs), rolled: top(second.probs) },
      moved: apart(first.probs.data, second.probs.data),
    };
  }
}
