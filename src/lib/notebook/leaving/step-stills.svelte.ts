import { getContext, setContext } from 'svelte';
import type { Lang } from '#lib/base/lang.ts';
import type { StateOf, Fields } from '#lib/state/schema.ts';
import type { Caption } from '#lib/still/figure-file.ts';
import { Frozen } from '#lib/still/freeze.ts';
import type { PrintFigure } from '#lib/still/print-figure.ts';
import type { StageViews } from '../views.svelte.ts';
import type { Walkthrough } from '../walkthrough.svelte.ts';
import { computing } from './computing.ts';
import { captionOf } from './figure-caption.ts';

/** Milliseconds after which a stage that nobody has changed has come to rest: its longest flight takes 900. */
const SETTLED = 1200;

/** The stage as it was at a step. */
interface StepStill {
  readonly frozen: Frozen;
  readonly caption: Caption;
  readonly state: StateOf<Fields>;
  readonly theme: string | undefined;
  /** What is printed; made when it is printed for the first time. */
  figure?: PrintFigure;
}

type Make = typeof import('#lib/still/print-figure.ts').printFigure;

/**
 * The stage as the reader left it at each step, for paper: of every step the newest, and only of a stage at rest. A copy
 * costs a few milliseconds and its pixels are kept as PNG files, so that reading is not disturbed by it.
 */
export class StepStills {
  readonly #walkthrough: Walkthrough;
  readonly #views: StageViews;
  readonly #lang: () => Lang;
  /** What holds the figure, once the page stands. */
  readonly card: () => HTMLElement | undefined;
  // Nothing on the page follows it.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #kept = new Map<string, StepStill>();
  #changed = 0;
  #printFigure: Make | undefined;
  #placed: HTMLElement[] = [];
  /** The stills are those that paper is to have; the stage is not looked at again. */
  complete = false;

  /** Make it while a component initialises: it opens effects. */
  constructor(
    walkthrough: Walkthrough,
    views: StageViews,
    lang: () => Lang,
    card: () => HTMLElement | undefined,
  ) {
    this.#walkthrough = walkthrough;
    this.#views = views;
    this.#lang = lang;
    this.card = card;
    $effect(() => {
      // Whatever the link holds is what the stage shows.
      void walkthrough.link;
      this.#changed = performance.now();
    });
    $effect(() => {
      // Captions are in the language of the page.
      void lang();
      return () => this.clear();
    });
    $effect(() => {
      if (walkthrough.index > 0) void this.load();
    });
  }

  /** Fetches what makes figures for paper: the browser does not wait for it once it prints. */
  async load(): Promise<void> {
    this.#printFigure ??= (await import('#lib/still/print-figure.ts')).printFigure;
  }

  has(step: string): boolean {
    return this.#kept.has(step);
  }

  /** What the stage was set to when a step's still was taken. */
  stateOf(step: string): StateOf<Fields> | undefined {
    return this.#kept.get(step)?.state;
  }

  /** Whether a step's still is as paper wants it: light. */
  isLight(step: string): boolean {
    return this.#kept.get(step)?.theme !== 'dark';
  }

  /** The reader is about to leave the step: the stage is kept, if it has come to rest. */
  leave(): void {
    if (performance.now() - this.#changed > SETTLED && !computing(this.card())) this.take();
  }

  /** Keeps the stage as it is now, as that of the present step. */
  take(): void {
    const card = this.card();
    if (!card || card.clientHeight === 0) return;
    const { step, state } = this.#walkthrough;
    this.#kept.get(step)?.frozen.drop();
    const frozen = new Frozen(card);
    const caption = captionOf(card, this.#walkthrough, this.#views.current, this.#lang());
    this.#kept.set(step, {
      frozen,
      caption,
      state: { ...state },
      theme: document.documentElement.dataset.theme,
    });
    void frozen.shrink();
  }

  /** Makes what is printed of a step, while there is time. */
  prepare(step: string): void {
    const [still, beside, make] = [this.#kept.get(step), this.card()?.parentElement, this.#printFigure];
    if (still && beside && make) still.figure ??= make(still.frozen, beside, still.caption);
  }

  clear(): void {
    for (const { frozen } of this.#kept.values()) frozen.drop();
    this.#kept.clear();
  }

  /** Begins to follow the browser's printing; returns how to stop. */
  print(sectionOf: (step: string) => HTMLElement | undefined): () => void {
    const before = () => this.place(sectionOf);
    const after = () => this.remove();
    // Before the theme turns to that of paper: what canvases hold was drawn in the theme on screen.
    addEventListener('beforeprint', before, { capture: true });
    addEventListener('afterprint', after);
    return () => {
      removeEventListener('beforeprint', before, { capture: true });
      removeEventListener('afterprint', after);
      this.clear();
    };
  }

  /** Before printing: every step that has a still gets its figure, and the stage goes if its step has one. */
  place(sectionOf: (step: string) => HTMLElement | undefined): void {
    if (!this.#printFigure || this.#placed.length > 0) return;
    if (!this.complete) this.leave();
    let before: StepStill | undefined;
    let credited: string | undefined;
    for (const { id, title } of this.#walkthrough.lesson.steps) {
      const still = this.#kept.get(id);
      const section = sectionOf(id);
      if (!still || !section) continue;
      // A step that continues another one has a figure of its own only if the stage is another.
      const same = !title && before !== undefined && this.#printed(before) === this.#printed(still);
      before = still;
      if (same) continue;
      this.prepare(id);
      if (!still.figure) continue;
      const { element, credit } = still.figure;
      element.dataset.still = id;
      if (credit) credit.hidden = still.caption.credit === credited;
      credited = still.caption.credit ?? credited;
      const heading = section.querySelector(':scope > h2');
      if (heading) heading.after(element);
      else section.prepend(element);
      this.#placed.push(element);
    }
    if (this.#kept.has(this.#walkthrough.step)) document.documentElement.dataset.stills = '';
  }

  /** After printing: the page is as it was. */
  remove(): void {
    for (const figure of this.#placed) figure.remove();
    this.#placed = [];
    delete document.documentElement.dataset.stills;
  }

  #printed({ state }: StepStill): string {
    return Object.entries(this.#walkthrough.lesson.state.fields)
      .map(([name, field]) => `${name}=${field.print(state[name])}`)
      .join('&');
  }
}

const KEY = Symbol('step-stills');

export function provideStills(stills: StepStills): StepStills {
  return setContext(KEY, stills);
}

export function useStills(): StepStills {
  return getContext<StepStills>(KEY);
}
