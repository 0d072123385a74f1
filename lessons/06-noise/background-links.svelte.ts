import { untrack } from 'svelte';
import type { Schedule } from '#lib/diffusion/math/schedules.ts';
import { inStretches } from '#lib/figures/draw/work.ts';

/** Something done link by link, that can be told from another by what it depends on. */
interface Stepwise<S> {
  readonly spec: S;
  /** Links done. */
  readonly done: number;
  /** Does the links before `to`. */
  advance(to: number): void;
}
interface Spec {
  readonly schedule: Schedule;
  readonly x0: unknown;
  readonly seed: number;
  /** How the links get their noise, where there is a choice. */
  readonly links?: string;
}

/** Work in links, done between the page's own turns as long as somebody wants it. What is done stays. */
export class BackgroundLinks<S extends Spec, W extends Stepwise<S>> {
  #work = $state.raw<W>();
  #done = $state(0);

  /**
   * @param wish what is wanted; undefined while nobody looks or the picture is still to come
   * @param stretch links at a time
   */
  constructor(wish: () => S | undefined, make: (spec: S) => W, stretch: number) {
    $effect(() => {
      const spec = wish();
      if (!spec) return undefined;
      // Written below: taking up a work is no reason to take it up again.
      const known = untrack(() => this.#work);
      const work = known && same(known.spec, spec) ? known : make(spec);
      this.#work = work;
      this.#done = work.done;
      const stop = new AbortController();
      const from = work.done;
      void inStretches(
        spec.schedule.steps - from,
        (_, to) => {
          work.advance(from + to);
          this.#done = work.done;
        },
        { stretch, signal: stop.signal },
      );
      return () => stop.abort();
    });
  }

  /** Links done. */
  get done(): number {
    return this.#done;
  }
  /** The work as it stands; ask `done` how far it is. */
  get work(): W | undefined {
    return this.#work;
  }
}

const same = (a: Spec, b: Spec) =>
  a.schedule === b.schedule && a.x0 === b.x0 && a.seed === b.seed && a.links === b.links;
