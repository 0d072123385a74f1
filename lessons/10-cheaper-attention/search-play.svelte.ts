import { onDestroy } from 'svelte';

/** Milliseconds between two attempts while the search plays. */
const PACE = 250;

/** Plays something step by step until it ends or is stopped. Make it while a component is made: it stops with that. */
export class Player {
  #timer = $state.raw<ReturnType<typeof setInterval>>();
  readonly #step: () => boolean;

  /** @param step goes one step on; false: that was the last */
  constructor(step: () => boolean) {
    this.#step = step;
    onDestroy(() => this.stop());
  }
  get playing(): boolean {
    return this.#timer !== undefined;
  }
  play(): void {
    this.#timer ??= setInterval(() => {
      if (!this.#step()) this.stop();
    }, PACE);
  }
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
