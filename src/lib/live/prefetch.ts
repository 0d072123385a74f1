/** Milliseconds of quiet before anything is prepared. */
const QUIET = 200;
/** Sessions of more outputs than this are not built ahead. */
const MOST_OUTPUTS = 40;

/**
 * Prepares, in quiet moments, what the reader may ask for next: sessions at the other patch sizes, one at a time.
 * Any new wish stops it.
 */
export class Ahead {
  readonly #prepare: (patch: number, signal: AbortSignal) => Promise<unknown>;
  readonly #quiet: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stop: AbortController | undefined;

  constructor(prepare: (patch: number, signal: AbortSignal) => Promise<unknown>, quiet = QUIET) {
    this.#prepare = prepare;
    this.#quiet = quiet;
  }

  /** Plans these patch sizes, in this order, for sessions of so many outputs. Replaces the plan before. */
  plan(patches: readonly number[], outputs: number): void {
    this.stop();
    if (outputs > MOST_OUTPUTS || patches.length === 0) return;
    const { signal } = (this.#stop = new AbortController());
    this.#timer = setTimeout(() => void this.#work(patches, signal), this.#quiet);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#stop?.abort();
  }

  async #work(patches: readonly number[], signal: AbortSignal): Promise<void> {
    for (const patch of patches) {
      if (signal.aborted) return;
      // What cannot be prepared is told when it is asked for.
      if (
        !(await this.#prepare(patch, signal).then(
          () => true,
          () => false,
        ))
      )
        return;
    }
  }
}

/** The sizes other than `patch`, nearest first. */
export function nearest(sizes: readonly number[], patch: number): number[] {
  return sizes.filter((s) => s !== patch).sort((a, b) => Math.abs(a - patch) - Math.abs(b - patch));
}
