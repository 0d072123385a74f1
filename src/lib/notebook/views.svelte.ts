import { getContext, setContext, type Component } from 'svelte';
import type { Lesson, PanelProps, View } from './types.ts';
import type { Walkthrough } from './walkthrough.svelte.ts';

/** A panel with the properties the stage gives every one; those it does not declare it does not read. */
export type Panel = Component<PanelProps>;

/** The view a lesson opens with, and its panel. */
export interface OpeningView {
  readonly id: string;
  readonly panel: Panel;
}

const panelOf = async (view: View): Promise<Panel> => (await view.panel()).default as Panel;

/** Fetches the panel of the view that a lesson's first step shows; undefined for a lesson without views. */
export async function openingView(lesson: Lesson): Promise<OpeningView | undefined> {
  const id = lesson.steps[0]?.set?.['view'] ?? lesson.state.fields['view']?.default;
  const view = typeof id === 'string' ? lesson.views?.[id] : undefined;
  return view && { id: String(id), panel: await panelOf(view) };
}

/** The views of a lesson's stage: which one is shown, and its panel. */
export class StageViews {
  readonly #walkthrough: Walkthrough;
  readonly #opening: OpeningView | undefined;
  /** Id and declaration of each, in the order of the tabs. */
  readonly list: readonly (readonly [id: string, view: View])[];

  /** Inside a component: once the reader has left the first step, all panels are fetched. */
  constructor(walkthrough: Walkthrough, opening: OpeningView | undefined) {
    this.#walkthrough = walkthrough;
    this.#opening = opening;
    this.list = Object.entries(walkthrough.lesson.views ?? {});
    $effect(() => {
      if (walkthrough.index > 0) for (const [, view] of this.list) void view.panel();
    });
  }

  /** The word in the state's `view`. */
  get now(): string {
    return String(this.#walkthrough.state['view'] ?? '');
  }
  set now(id: string) {
    Object.assign(this.#walkthrough.state, { view: id });
  }
  get current(): View | undefined {
    return this.list.find(([id]) => id === this.now)?.[1];
  }
  /** The panel, where it came with the page; else a promise of it. */
  get panel(): Panel | Promise<Panel> | undefined {
    const { current } = this;
    if (this.#opening?.id === this.now) return this.#opening.panel;
    return current && panelOf(current);
  }
}

const KEY = Symbol('views');

export function provideViews(views: StageViews): void {
  setContext(KEY, views);
}

/** The views of the lesson this component stands in. Throws outside a lesson page. */
export function useViews(): StageViews {
  const views = getContext<StageViews | undefined>(KEY);
  if (!views) throw new Error('this component belongs into a lesson page');
  return views;
}
