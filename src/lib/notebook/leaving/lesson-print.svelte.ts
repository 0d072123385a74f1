import { tick } from 'svelte';
import { defaultsOf } from '#lib/state/schema.ts';
import type { StepWatch } from '../watch.ts';
import type { Walkthrough } from '../walkthrough.svelte.ts';
import { stageRests } from './stage-rest.ts';
import type { StepStills } from './step-stills.svelte.ts';

/** Milliseconds that a step's figure may take: a model of ten megabytes may have to come first. */
const MOST = 45_000;

/**
 * Prints a lesson with a figure for every step: goes through the steps that have none yet, as if each had just been
 * reached, and puts the reader back where he was. Figures that he has left at a step are kept as they were.
 */
export class LessonPrint {
  readonly #walkthrough: Walkthrough;
  readonly #watch: StepWatch;
  readonly #stills: StepStills;
  #stop: AbortController | undefined;
  /** Which step's figure is being made, from 1; undefined while nothing is. */
  at = $state<number>();
  /** Steps whose figure could not be computed the last time. */
  missing = $state(0);

  constructor(walkthrough: Walkthrough, watch: StepWatch, stills: StepStills) {
    this.#walkthrough = walkthrough;
    this.#watch = watch;
    this.#stills = stills;
  }

  /** Gathers the figures and has the browser print. Called again while it works, it does nothing. */
  async run(): Promise<void> {
    if (this.at !== undefined) return;
    this.at = 0;
    this.missing = 0;
    this.#stop = new AbortController();
    try {
      await this.#stills.load();
      await this.#gather(this.#stop.signal);
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      throw error;
    } finally {
      this.at = undefined;
    }
    this.#stills.complete = true;
    try {
      window.print();
    } finally {
      this.#stills.complete = false;
    }
  }

  cancel(): void {
    this.#stop?.abort();
  }

  async #gather(signal: AbortSignal): Promise<void> {
    const walkthrough = this.#walkthrough;
    const stills = this.#stills;
    const before = { step: walkthrough.step, opened: walkthrough.opened, state: { ...walkthrough.state } };
    const { dataset } = document.documentElement;
    const theme = dataset.theme;
    this.#watch.paused = true;
    stills.leave();
    try {
      // Figures for paper are drawn in the colours of paper.
      dataset.theme = 'light';
      // As for a reader who begins at the first step, with the picture that is chosen.
      const { pic } = before.state;
      let state: typeof before.state = {
        ...defaultsOf(walkthrough.lesson.state),
        ...(pic !== undefined && { pic }),
      };
      for (const [i, { id, set }] of walkthrough.lesson.steps.entries()) {
        this.at = i + 1;
        state = stills.stateOf(id) ?? { ...state, ...set };
        if (stills.has(id) && stills.isLight(id)) {
          stills.prepare(id);
          continue;
        }
        // Where the reader stands, the stage is as he has set it.
        if (id === before.step) state = before.state;
        walkthrough.stand(id, state);
        await tick();
        const card = stills.card();
        if (card && (await stageRests(card, MOST, signal))) stills.take();
        else if (!stills.has(id)) this.missing++;
        stills.prepare(id);
      }
    } finally {
      if (theme !== undefined) dataset.theme = theme;
      walkthrough.stand(before.step, before.state);
      walkthrough.opened = before.opened;
      await tick();
      this.#watch.paused = false;
    }
  }
}
