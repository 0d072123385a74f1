/** Milliseconds without anything new after which a pending answer counts as late. */
const LATE = 250;

/** Tells an answer that takes long from one that is on its way: only the first is worth dimming a figure for. */
export class Lateness {
  #late = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #pending: () => boolean;

  /** `pending`: whether an answer is still awaited when its time is up. */
  constructor(pending: () => boolean) {
    this.#pending = pending;
  }

  /** Reactive. Pending, and nothing new came for a while. */
  get late(): boolean {
    return this.#late;
  }

  /** An answer is awaited; the clock runs from the first such call on. */
  await(): void {
    this.#timer ??= setTimeout(() => (this.#late = this.#pending()), LATE);
  }

  /** Something new came, or nothing is awaited: the clock starts again. */
  reset(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#late = false;
  }
}
