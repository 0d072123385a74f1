import { prefersReducedMotion } from 'svelte/motion';
import { untrack } from 'svelte';

/** How long a step's change of t takes, ms. */
const SWEEP = 900;
/** How long the way from 0 to the last index takes when it is played, ms. */
const PLAY = 7000;

/**
 * The t that is shown. It follows the reader's hand at once; a change made by a step of the text, and the first t of
 * the page, are reached by a sweep that anything interrupts.
 */
export class StepPlayer {
  #shown = $state(0);
  #playing = $state(false);
  #frame = 0;
  #staged = -1;
  readonly #set: (t: number) => void;
  readonly #last: number;

  constructor(wish: () => { t: number; staged: number }, set: (t: number) => void, last: number) {
    this.#set = set;
    this.#last = last;
    this.#shown = wish().t;
    $effect(() => {
      const { t, staged } = wish();
      // What is shown is read and set here; a frame of a sweep must not begin another one.
      untrack(() => {
        if (this.#playing && t === this.#shown) return;
        this.stop();
        const swept = staged !== this.#staged;
        const first = this.#staged < 0;
        this.#staged = staged;
        if (!swept || prefersReducedMotion.current) this.#shown = t;
        else this.#sweep(first ? 0 : this.#shown, t);
      });
      return undefined;
    });
    $effect(() => () => this.stop());
  }

  get t(): number {
    return this.#shown;
  }
  get playing(): boolean {
    return this.#playing;
  }
  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#playing = false;
  }
  /** Runs t from where it is (from 0, if at the end) to the last index. */
  play(): void {
    this.stop();
    const from = this.#shown >= this.#last ? 0 : this.#shown;
    this.#playing = true;
    this.#run((PLAY * (this.#last - from)) / this.#last, (part) => {
      this.#shown = Math.round(from + part * (this.#last - from));
      this.#set(this.#shown);
      if (part === 1) this.#playing = false;
    });
  }

  #sweep(from: number, to: number): void {
    this.#shown = from;
    this.#run(SWEEP, (part) => (this.#shown = Math.round(from + (1 - (1 - part) ** 3) * (to - from))));
  }
  #run(duration: number, show: (part: number) => void): void {
    let began = 0;
    const step = (now: number) => {
      began ||= now;
      const part = duration > 0 ? Math.min(1, (now - began) / duration) : 1;
      if (part < 1) this.#frame = requestAnimationFrame(step);
      show(part);
    };
    this.#frame = requestAnimationFrame(step);
  }
}
