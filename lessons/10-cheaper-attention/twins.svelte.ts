import { awaiting } from '#lib/base/awaited.svelte.ts';
import type { FaultRecord } from '#lib/base/errors.ts';
import { preprocess, type Rgba } from '#lib/images/index.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { SwinConfig } from '#lib/models/swin/config.ts';
import { best, type Guess } from '#lib/notebook/answer.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import { PRESENT } from './twin-models.ts';
import { folderOf, type Twin } from './twin-rows.ts';

/** A picture and the side at which the networks are to see it. */
export interface TwinWish {
  readonly picture: Rgba;
  readonly side: number;
}

/** What one twin says of it. */
export interface TwinAnswer {
  readonly twin: Twin;
  readonly of: TwinWish;
  readonly guesses: readonly Guess[];
}

/** Answers of a twin that are kept. */
const GUESSES = 3;
/** Passes of which the median is taken, after those that have answered. */
const PASSES = 3;

/** The twins of this site on one picture, one after another: what they answer, and how long a pass takes here. */
export class Twins {
  /** Of those that this copy of the site has. */
  readonly lives: Readonly<Partial<Record<Twin, LiveModel<SwinConfig>>>>;
  #answers = $state.raw<readonly TwinAnswer[]>([]);
  #times = $state.raw<Readonly<Record<string, number>>>({});
  #at = $state.raw<Twin>();
  #fault = $state.raw<FaultRecord>();
  #asked = $state(0);
  #stop: AbortController | undefined;

  constructor(engine: Engine) {
    this.lives = Object.fromEntries(
      PRESENT.map((twin) => [twin, new LiveModel<SwinConfig>(engine, folderOf(twin), { ahead: false })]),
    );
  }

  /** How often the reader has asked for answers; from the first time on each new picture is answered. 0: not, or stopped. */
  get asked(): number {
    return this.#asked;
  }
  get wanted(): boolean {
    return this.#asked > 0;
  }
  /** The twin that is loaded or run at the moment. */
  get at(): Twin | undefined {
    return this.#at;
  }
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }
  /** What was answered of this very picture at this side. */
  answers(of: TwinWish | undefined): readonly TwinAnswer[] {
    return this.#answers.filter((answer) => answer.of === of);
  }
  /** Median milliseconds of a pass in this page; undefined before it was measured. */
  ms(twin: Twin, side: number): number | undefined {
    return this.#times[`${twin} ${side}`];
  }

  /** From now on each new picture is to be answered; the page asks. */
  want(): void {
    this.#fault = undefined;
    this.#asked += 1;
  }
  cancel(): void {
    this.#asked = 0;
    this.#stop?.abort();
    if (this.#at) this.lives[this.#at]?.cancel();
  }

  /** Asks all twins, then times those that were not timed at this side. A newer wish puts an end to this one. */
  async ask(wish: TwinWish): Promise<void> {
    await this.#work(async (signal) => {
      this.#answers = [];
      for (const twin of PRESENT) {
        const answer = await this.#answer(twin, wish, signal);
        if (!answer) return;
        this.#answers = [...this.#answers, answer];
      }
      await this.#time(wish.picture, [wish.side], signal);
    });
  }

  /** Times all twins at these sides, where that was not done yet. */
  async time(picture: Rgba, sides: readonly number[]): Promise<void> {
    await this.#work((signal) => this.#time(picture, sides, signal));
  }

  async #work(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#stop?.abort();
    const stop = (this.#stop = new AbortController());
    this.#fault = undefined;
    try {
      await awaiting(() => work(stop.signal));
    } catch (error) {
      const fault = toRecord(error);
      if (fault.code !== 'cancelled' && this.#stop === stop) this.#fault = fault;
    } finally {
      if (this.#stop === stop) {
        this.#stop = undefined;
        this.#at = undefined;
      }
    }
  }

  /** One pass; undefined where a newer wish has come, or the weights did not. */
  async #pass(twin: Twin, { picture, side }: TwinWish, signal: AbortSignal) {
    const live = this.lives[twin];
    if (!live || signal.aborted) return undefined;
    this.#at = twin;
    if (!(await live.load())) {
      if (!signal.aborted) this.#fault = live.fault;
      return undefined;
    }
    if (signal.aborted) return undefined;
    const config = await live.describe();
    const x = preprocess(picture, { ...config.preprocessing, size: side });
    const asked = { inputs: { x }, outputs: ['probs'], variant: { image: side } };
    const { tensors, ms } = await live.pass(asked, { signal });
    return signal.aborted ? undefined : { probs: tensors[0], labels: config.labels, ms };
  }

  async #answer(twin: Twin, of: TwinWish, signal: AbortSignal): Promise<TwinAnswer | undefined> {
    const answer = await this.#pass(twin, of, signal);
    return answer?.probs && { twin, of, guesses: best(answer.probs, answer.labels, GUESSES) };
  }

  async #time(picture: Rgba, sides: readonly number[], signal: AbortSignal): Promise<void> {
    for (const side of sides)
      for (const twin of PRESENT) {
        if (this.ms(twin, side) !== undefined) continue;
        const all: number[] = [];
        for (let i = 0; i <= PASSES; i++) {
          const pass = await this.#pass(twin, { picture, side }, signal);
          if (!pass) return;
          if (i > 0) all.push(pass.ms);
        }
        const median = all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!;
        this.#times = { ...this.#times, [`${twin} ${side}`]: median };
      }
  }
}
