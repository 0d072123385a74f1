import { sameVariant, type Variant } from '#lib/models/registry.ts';

/** Milliseconds of quiet before anything is prepared. */
const QUIET = 200;
/** The same before the first plan: no slider can be moving when the first answer has only just come. */
const FIRST = 20;
/** Sessions of more outputs than this are not built ahead. */
const MOST_OUTPUTS = 40;

/**
 * Prepares, in quiet moments, what the reader may ask for next: sessions of other variants, one at a time.
 * Any new wish stops it.
 */
export class Prefetch {
  readonly #prepare: (variant: Variant, signal: AbortSignal) => Promise<unknown>;
  readonly #quiet: number;
  /** Nothing was planned yet. */
  #fresh = true;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stop: AbortController | undefined;

  constructor(prepare: (variant: Variant, signal: AbortSignal) => Promise<unknown>, quiet = QUIET) {
    this.#prepare = prepare;
    this.#quiet = quiet;
  }

  /** Plans these variants, in this order, for sessions of so many outputs. Replaces the plan before. */
  plan(variants: readonly Variant[], outputs: number): void {
    this.stop();
    if (outputs > MOST_OUTPUTS || variants.length === 0) return;
    const { signal } = (this.#stop = new AbortController());
    const quiet = this.#fresh ? Math.min(FIRST, this.#quiet) : this.#quiet;
    this.#fresh = false;
    this.#timer = setTimeout(() => void this.#work(variants, signal), quiet);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#stop?.abort();
  }

  async #work(variants: readonly Variant[], signal: AbortSignal): Promise<void> {
    for (const variant of variants) {
      if (signal.aborted) return;
      // What cannot be prepared is told when it is asked for.
      if (
        !(await this.#prepare(variant, signal).then(
          () => true,
          () => false,
        ))
      )
        return;
    }
  }
}

/** How far apart two values of a field are; of lists, all their numbers together. */
const apart = (a: Variant[string], b: Variant[string]): number => {
  const [x, y] = [[a ?? []].flat(), [b ?? []].flat()];
  return x.reduce((sum, n, i) => sum + Math.abs(n - (y[i] ?? n)), 0);
};

/** The variants other than `to`, nearest first: by the differences of the fields they name. */
export function nearestVariants(variants: readonly Variant[], to: Variant): Variant[] {
  const distance = (v: Variant) =>
    Object.entries(v).reduce((sum, [field, value]) => sum + apart(value, to[field] ?? value), 0);
  return variants
    .map((variant) => ({ ...to, ...variant }))
    .filter((variant) => !sameVariant(variant, to))
    .sort((a, b) => distance(a) - distance(b));
}
