import { untrack } from 'svelte';
import { setAwaited } from '#lib/base/awaited.svelte.ts';
import type { FaultRecord } from '#lib/base/errors.ts';
import { toRecord } from '#lib/runtime/protocol.ts';

/**
 * What is computed for the newest wish; an older one that is under way is stopped. Make it while a component is made.
 * Reactive.
 */
export class NewestAnswer<W extends object, R> {
  #answer = $state.raw<{ readonly of: W; readonly value: R }>();
  #fault = $state.raw<FaultRecord>();
  #again = $state(0);

  /**
   * @param wish read reactively; undefined: nothing is wanted
   * @param make the answer; it may reject with a Fault, which is then shown
   */
  constructor(wish: () => W | undefined, make: (wish: W, signal: AbortSignal) => Promise<R>) {
    $effect(() => {
      const of = wish();
      void this.#again;
      this.#fault = undefined;
      if (!of || untrack(() => this.#answer?.of) === of) return;
      const stop = new AbortController();
      setAwaited(this, true);
      make(of, stop.signal)
        .then(
          (value) => {
            if (!stop.signal.aborted) this.#answer = { of, value };
          },
          (error: unknown) => {
            if (!stop.signal.aborted) this.#fault = toRecord(error);
          },
        )
        .finally(() => {
          if (!stop.signal.aborted) setAwaited(this, false);
        });
      return () => {
        stop.abort();
        setAwaited(this, false);
      };
    });
  }

  /** The answer to this very wish; undefined while it is awaited. */
  to(wish: W | undefined): R | undefined {
    return wish !== undefined && this.#answer?.of === wish ? this.#answer.value : undefined;
  }
  /** The last answer that came, whatever it is of: what is shown while a newer one is awaited. */
  get newest(): R | undefined {
    return this.#answer?.value;
  }
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }
  retry(): void {
    this.#again++;
  }
}
