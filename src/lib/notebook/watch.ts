import { getContext, setContext } from 'svelte';
import { STACKED } from './stage-room.ts';

/**
 * Tells which step the reader has reached: the one that lies across a line of the window, two fifths down, or below
 * the stage where the stage sits on top. Steps hand themselves in; nothing is looked up in the page.
 */
export class StepWatch {
  readonly #nodes = new Map<string, HTMLElement>();
  readonly #onreach: (id: string) => void;
  /** While true no step is reached: the prose is being exchanged for another language's. */
  paused = false;
  #observer: IntersectionObserver | undefined;

  constructor(onreach: (id: string) => void) {
    this.#onreach = onreach;
  }

  /** Registers a step's element; returns how to take it back. */
  add(id: string, node: HTMLElement): () => void {
    this.#nodes.set(id, node);
    this.#observer?.observe(node);
    return () => {
      if (this.#nodes.get(id) === node) this.#nodes.delete(id);
      this.#observer?.unobserve(node);
    };
  }

  /** A step's element. */
  node(id: string): HTMLElement | undefined {
    return this.#nodes.get(id);
  }

  /** Begins to watch; returns how to stop. The line moves with the layout. */
  start(): () => void {
    const stacked = matchMedia(STACKED);
    const begin = () => {
      this.#observer?.disconnect();
      const line = stacked.matches ? 66 : 40;
      this.#observer = new IntersectionObserver(
        (entries) => {
          for (const entry of entries) {
            const id =
              entry.isIntersecting && [...this.#nodes].find(([, node]) => node === entry.target)?.[0];
            if (id && !this.paused) this.#onreach(id);
          }
        },
        { rootMargin: `-${line}% 0px -${99 - line}% 0px` },
      );
      for (const node of this.#nodes.values()) this.#observer.observe(node);
    };
    begin();
    stacked.addEventListener('change', begin);
    return () => {
      stacked.removeEventListener('change', begin);
      this.#observer?.disconnect();
      this.#observer = undefined;
    };
  }

  /** Scrolls to a step; `at once` when a link is opened, else as the page scrolls. */
  go(id: string, behavior: ScrollBehavior = 'auto'): void {
    this.#nodes.get(id)?.scrollIntoView({ behavior, block: 'start' });
  }

  /** Reaches no step until the window has come to rest: it goes where the reader has been. */
  async pass(): Promise<void> {
    this.paused = true;
    await scrollRests();
    this.paused = false;
  }

  /** How far below the top of the window a step begins, px. */
  top(id: string): number | undefined {
    return this.#nodes.get(id)?.getBoundingClientRect().top;
  }
}

/** Settles once the window has stood still for eight frames; after three seconds in any case. */
async function scrollRests(): Promise<void> {
  const until = performance.now() + 3000;
  let still = 0;
  let last = NaN;
  while (still < 8 && performance.now() < until) {
    await new Promise((done) => requestAnimationFrame(done));
    still = scrollY === last ? still + 1 : 0;
    last = scrollY;
  }
}

const KEY = Symbol('step-watch');

export function provideWatch(watch: StepWatch): void {
  setContext(KEY, watch);
}

export function useWatch(): StepWatch {
  return getContext<StepWatch>(KEY);
}
