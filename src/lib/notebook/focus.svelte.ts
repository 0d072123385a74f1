import type { Focus } from './types.ts';

/** What is asked of a walk through a lesson of any kind (see walkthrough.svelte.ts). */
interface Walk {
  readonly step: string;
  spec(id: string): { readonly focus?: Focus } | undefined;
}

/**
 * Which half of the stage a phone shows: the one the step speaks of, until the reader picks the other one; the next
 * step has its own again.
 */
export class StageFocus {
  readonly #walkthrough: Walk;
  readonly #first: Focus;
  #picked = $state<Focus>();

  /** Inside a component: the choice is dropped when the step changes. `first` is shown where a step names none. */
  constructor(walkthrough: Walk, first: Focus = 'picture') {
    this.#walkthrough = walkthrough;
    this.#first = first;
    $effect(() => {
      void walkthrough.step;
      this.#picked = undefined;
    });
  }

  get now(): Focus {
    return this.#picked ?? this.#walkthrough.spec(this.#walkthrough.step)?.focus ?? this.#first;
  }
  flip(): void {
    this.#picked = this.now === 'picture' ? 'panel' : 'picture';
  }
}
