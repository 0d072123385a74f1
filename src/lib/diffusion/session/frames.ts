import type { SampleStep } from '../sampler/loop.ts';
import type { Resume } from '../sampler/spec.ts';

/** What the network said of a state: pictures `[n, C, S, S]`, flat; guided, and clipped where the settings say so. */
export interface Answer {
  /** ε̂: the noise it sees. */
  readonly eps: Float32Array;
  /** x̂0: the clean picture it sees. */
  readonly x0: Float32Array;
  /** Where two predictions were mixed: ε̂ with the class, and without. */
  readonly epsCond?: Float32Array;
  readonly epsUncond?: Float32Array;
  /** Milliseconds of the forward passes of the step. */
  readonly ms: number;
}

/** One state of a run: the one before any step (0), the one after step k, the finished picture (N). */
export interface Frame {
  /** Steps made so far, 0 … N. */
  readonly step: number;
  /** Its time, 1 (noise) … 0 (clean). */
  readonly t: number;
  /** x_t, `[n, C, S, S]` flat. */
  readonly x: Float32Array;
  /** The network's answer to it; undefined until the step that sets out from here is made (for the last: for ever). */
  readonly answer: Answer | undefined;
}

/** Index of the state nearest to a step; 0 of none. */
export function nearStep(frames: readonly { readonly step: number }[], step: number): number {
  let best = 0;
  frames.forEach((frame, i) => {
    if (Math.abs(frame.step - step) < Math.abs(frames[best]!.step - step)) best = i;
  });
  return best;
}

/** States kept by default. */
const MOST = 128;

/**
 * The states of a run, in order, bounded in number: where there would be too many every second one goes, then every
 * second of the rest, so that what is kept stays evenly spread. The first and the newest are always there, and the
 * newest can be gone on from.
 */
export class Frames {
  readonly most: number;
  #kept: readonly Frame[] = [];
  #stride = 1;
  #resume: Resume | undefined;

  /** @param most states kept, 2 at least */
  constructor(most = MOST) {
    this.most = Math.max(2, most);
  }

  /** The kept states; a new array after every change. */
  get list(): readonly Frame[] {
    return this.#kept;
  }
  /** Every how many steps a state is kept. */
  get stride(): number {
    return this.#stride;
  }
  /** Where a run that was stopped goes on; undefined before its first step. */
  get resume(): Resume | undefined {
    return this.#resume;
  }
  /** Bytes of all pictures kept. */
  get bytes(): number {
    const of = (values: Float32Array | undefined) => values?.byteLength ?? 0;
    return this.#kept.reduce((sum, { x, answer: a }) => {
      return sum + of(x) + of(a?.eps) + of(a?.x0) + of(a?.epsCond) + of(a?.epsUncond);
    }, 0);
  }

  /** Begins anew with the state before the first step. */
  begin(x: Float32Array, t: number): void {
    this.#kept = [{ step: 0, t, x, answer: undefined }];
    this.#stride = 1;
    this.#resume = undefined;
  }

  /** Takes a step: the state it arrived at, and the answer it set out with. */
  take(step: SampleStep): void {
    const { step: at, t, x, x0, eps, epsCond, epsUncond, drawn, ms } = step;
    this.#resume = { step: at, x, x0, drawn };
    const answer = { eps, x0, ms, ...(epsCond && { epsCond }), ...(epsUncond && { epsUncond }) };
    const before = this.#kept.at(-1);
    const settled = this.#kept.slice(0, -1);
    if (before) {
      const whole = before.step === at - 1 ? { ...before, answer } : before;
      if (this.#belongs(whole)) settled.push(whole);
    }
    this.#kept = [...settled, { step: at, t, x, answer: undefined }];
    while (this.#kept.length > this.most) {
      this.#stride *= 2;
      const last = this.#kept.length - 1;
      this.#kept = this.#kept.filter((frame, i) => i === last || this.#belongs(frame));
    }
  }

  #belongs({ step }: Frame): boolean {
    return step % this.#stride === 0;
  }
}
