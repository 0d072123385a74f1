import { awaiting } from '#lib/base/awaited.svelte.ts';
import type { FaultRecord } from '#lib/base/errors.ts';
import { preprocess, type Rgba } from '#lib/images/index.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { InputValues } from '#lib/models/family.ts';
import { stagesOf, type SwinConfig } from '#lib/models/swin/config.ts';
import { keptFeeds, mostActive } from '#lib/models/swin/kept.ts';
import { best, type Guess } from '#lib/notebook/answer.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import { windowsKept } from './pruned-costs.ts';

/** A picture at a side, and the part of the windows that each stage leaves out. */
export interface SparseWish {
  readonly picture: Rgba;
  readonly side: number;
  readonly shares: readonly number[];
}

/** How active the windows of a stage are, and which are computed. */
export interface StageMap {
  /** Windows along a side. */
  readonly windows: number;
  /** `[w]`, the windows in their place; NaN for one that is left out. */
  readonly scores: Float32Array;
}

/** What a network answers with those windows alone. */
export interface SparseAnswer {
  readonly of: SparseWish;
  readonly guesses: readonly Guess[];
  readonly stages: readonly StageMap[];
}

const GUESSES = 3;
/** Passes of which the median is taken, after one that is not counted. */
const PASSES = 5;

/** 1 for the `count` most active windows, 0 for the others. */
function maskOf(scores: Float32Array, count: number): Float32Array {
  const mask = new Float32Array(scores.length);
  for (const window of mostActive(scores, count)) mask[window] = 1;
  return mask;
}

/** A network with windows on one picture, of which it leaves out the least active part, stage by stage. */
export class SparseRun {
  readonly live: LiveModel<SwinConfig>;
  #answer = $state.raw<SparseAnswer>();
  #times = $state.raw<Readonly<Record<string, number>>>({});
  #busy = $state(false);
  #fault = $state.raw<FaultRecord>();
  #stop: AbortController | undefined;

  /** @param folder of the model */
  constructor(engine: Engine, folder: string) {
    this.live = new LiveModel<SwinConfig>(engine, folder, { ahead: false });
  }
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }
  /** What was answered to this very wish. */
  answer(of: SparseWish | undefined): SparseAnswer | undefined {
    return this.#answer?.of === of ? this.#answer : undefined;
  }
  cancel(): void {
    this.#stop?.abort();
  }

  /** Asks for one picture. A newer wish puts an end to this one. */
  async ask(wish: SparseWish): Promise<void> {
    this.#stop?.abort();
    const stop = (this.#stop = new AbortController());
    await this.#work(async () => {
      const answer = await this.#run(wish, stop.signal);
      if (answer && !stop.signal.aborted) this.#answer = answer;
    });
  }

  /**
   * Windows are chosen as each stage begins, by the stream that the stages before have left: a pass for every stage that
   * leaves some out, then one with all choices made. Windows that are masked are those that would not be gathered.
   */
  async #run(of: SparseWish, signal: AbortSignal): Promise<SparseAnswer | undefined> {
    const { picture, side, shares } = of;
    if (!(await this.live.load()) || signal.aborted) return undefined;
    const { preprocessing, labels, config } = await this.live.describe();
    const c = { ...config, image: side };
    const stages = stagesOf(c);
    const counts = windowsKept(c, shares);
    const x = preprocess(picture, { ...preprocessing, size: side });
    const places = stages.flatMap(({ shift }, s) =>
      (shift > 0 ? ['', 'shifted_'] : ['']).map((kind) => ({
        s,
        kind,
        name: `layers.${s}.${kind}window_scores`,
      })),
    );
    const outputs = ['probs', ...places.map(({ name }) => name)];
    let masks: InputValues = {};
    const pass = async () => {
      const asked = { inputs: { x, ...masks }, outputs, variant: { image: side }, interventions: true };
      const { tensors } = await this.live.pass(asked, { signal });
      return (name: string) => tensors[outputs.indexOf(name)]!;
    };
    for (const [s, { windows }] of stages.entries()) {
      const count = counts[s] ?? windows ** 2;
      if (count === windows ** 2) continue;
      const found = await pass();
      for (const place of places)
        if (place.s === s)
          masks = { ...masks, [`layers.${s}.${place.kind}keep`]: maskOf(found(place.name).data, count) };
    }
    const found = await pass();
    return {
      of,
      guesses: best(found('probs'), labels, GUESSES),
      stages: stages.map(({ windows }, s) => {
        const { data } = found(`layers.${s}.window_scores`);
        const mask = maskOf(data, counts[s] ?? windows ** 2);
        return { windows, scores: data.map((score, w) => (mask[w] ? score : NaN)) };
      }),
    };
  }

  /** Whether times are being taken. */
  get busy(): boolean {
    return this.#busy;
  }
  /** Median milliseconds of a pass that gathers so many windows of each stage, in this page. */
  ms(side: number, kept: readonly number[]): number | undefined {
    return this.#times[`${side} ${kept.join(' ')}`];
  }
  /** Times passes of the network that gathers so many windows, where that was not done yet; which ones costs the same. */
  async time(
    { picture, side }: Pick<SparseWish, 'picture' | 'side'>,
    all: readonly (readonly number[])[],
  ): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    await this.#work(async () => {
      if (!(await this.live.load())) return;
      const { preprocessing, config } = await this.live.describe();
      const x = preprocess(picture, { ...preprocessing, size: side });
      for (const kept of all) {
        if (this.ms(side, kept) !== undefined) continue;
        const variant = { image: side, kept };
        const inputs = { x, ...keptFeeds({ ...config, ...variant }, () => undefined) };
        const times: number[] = [];
        for (let i = 0; i <= PASSES; i++) {
          const { ms } = await this.live.pass({ inputs, outputs: ['probs'], variant });
          if (i > 0) times.push(ms);
        }
        const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;
        this.#times = { ...this.#times, [`${side} ${kept.join(' ')}`]: median };
      }
    });
    this.#busy = false;
  }

  async #work(work: () => Promise<void>): Promise<void> {
    this.#fault = undefined;
    try {
      await awaiting(work);
    } catch (error) {
      const fault = toRecord(error);
      if (fault.code !== 'cancelled') this.#fault = fault;
    }
  }
}
