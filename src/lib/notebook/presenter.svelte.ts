import { getContext, setContext, tick } from 'svelte';
import { FullScreen } from './full-screen.svelte.ts';
import { focusedOf, holdsArrows, type Move } from './present-keys.ts';
import type { Walkthrough } from './walkthrough.svelte.ts';
import type { StepWatch } from './watch.ts';

/** Where the reader was when the slide show began: px of the page above the window, and the window's size. */
interface Before {
  readonly step: string;
  readonly lang: string;
  readonly focus: Element | null;
  readonly scroll: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The slide show of a lesson: one step at a time beside the stage, in large type. The page stays what it is, with the
 * same stage in the same state; all but one step is put out of sight (Present.svelte). `walkthrough.presenting` says
 * whether it runs, so that a link can say it too.
 */
export class Presenter {
  readonly walkthrough: Walkthrough;
  readonly full: FullScreen;
  /** Its layout is here: the page is laid out as slides. */
  shown = $state(false);
  readonly #watch: StepWatch;
  #before: Before | undefined;
  /** Where the prose of the step is scrolled. */
  #prose: HTMLElement | undefined;

  constructor(walkthrough: Walkthrough, watch: StepWatch) {
    this.walkthrough = walkthrough;
    this.#watch = watch;
    this.full = new FullScreen({
      first: () => this.#leaveControl(),
      onleave: () => (this.walkthrough.presenting = false),
    });
  }

  turn(): void {
    this.walkthrough.presenting = !this.walkthrough.presenting;
  }

  /** Takes the window, and the screen where the browser gives it. Returns how to give both back. */
  begin(prose: HTMLElement): () => void {
    const { scrollY: scroll, innerWidth: width, innerHeight: height } = window;
    const [{ lang }, { activeElement: focus }] = [document.documentElement, document];
    this.#before = { step: this.walkthrough.step, lang, focus, scroll, width, height };
    this.#prose = prose;
    this.#watch.paused = true;
    this.shown = true;
    // The whole page, not the lesson alone: the drawer and the list of keys lie beside it.
    const detach = this.full.attach(document.documentElement);
    void this.full.enter();
    return () => {
      this.#watch.paused = true;
      this.shown = false;
      this.#prose = undefined;
      const left = this.full.leave();
      detach();
      void left.then(() => this.#comeBack());
    };
  }

  /** Goes to a step, which sets the stage as it does when it is scrolled to. */
  go(id: string): void {
    this.#hidePopover();
    this.walkthrough.reach(id);
    this.#prose?.scrollTo({ top: 0, behavior: 'instant' });
  }

  move(where: Move): void {
    const { lesson, index } = this.walkthrough;
    if (where === 'up' || where === 'down') {
      const by = (this.#prose?.clientHeight ?? 0) / 4;
      this.#prose?.scrollBy({ top: where === 'up' ? -by : by, behavior: 'instant' });
      return;
    }
    const last = lesson.steps.length - 1;
    const to = { next: index + 1, previous: index - 1, first: 0, last }[where];
    const step = lesson.steps[to];
    if (step) this.go(step.id);
  }

  /** What lies over the step or has the arrow keys; true where there was something. */
  #leaveControl(): boolean {
    if (this.walkthrough.opened !== undefined) {
      this.walkthrough.opened = undefined;
      return true;
    }
    const { activeElement } = document;
    if (!(activeElement instanceof HTMLElement) || !holdsArrows(focusedOf(activeElement))) return false;
    activeElement.blur();
    return true;
  }

  #hidePopover(): void {
    if (!CSS.supports('selector(:popover-open)')) return;
    document.querySelector<HTMLElement>(':popover-open')?.hidePopover();
  }

  /** The page where it was, or at the step the slide show ended at. */
  async #comeBack(): Promise<void> {
    const before = this.#before;
    this.#before = undefined;
    if (!before) return;
    await tick();
    await sized(before);
    const { step } = this.walkthrough;
    // Another page has come: its place is its own.
    if (this.#watch.top(step) === undefined) return;
    if (before.focus instanceof HTMLElement) before.focus.focus({ preventScroll: true });
    const same = step === before.step && document.documentElement.lang === before.lang;
    if (same) scrollTo({ top: before.scroll, behavior: 'instant' });
    else this.#watch.go(step, 'instant');
    await this.#watch.pass();
  }
}

/** Settles once the window has its size again, which it gets a moment after it has lost the screen; after a second in any case. */
async function sized({ width, height }: Before): Promise<void> {
  const until = performance.now() + 1000;
  while ((innerWidth !== width || innerHeight !== height) && performance.now() < until)
    await new Promise((done) => requestAnimationFrame(done));
}

const KEY = Symbol('presenter');

export function providePresenter(presenter: Presenter): void {
  setContext(KEY, presenter);
}

export function usePresenter(): Presenter {
  return getContext<Presenter>(KEY);
}
