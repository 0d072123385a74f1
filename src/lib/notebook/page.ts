import type { Component } from 'svelte';
import type { Fields } from '#lib/state/schema.ts';
import type { OwnLesson } from './own/shown.ts';
import { readNumber, type Numbers, type ProseNumber } from './numbers.ts';
import type { GlossaryEntry, Lesson } from './types.ts';
import type { ViewModel } from './view-model.ts';
import { Walkthrough } from './walkthrough.svelte.ts';

/** What `lessons/<NN-slug>/page.ts` puts together: the lesson, its figures, and the view model that they share. */
interface PageParts<F extends Fields, V extends ViewModel> {
  readonly lesson: Lesson<F>;
  /** What stays while the prose scrolls. */
  readonly stage: Component;
  /** Makes the view model, while the page's component initialises. */
  readonly viewModel: (walkthrough: Walkthrough<F>) => V;
  readonly numbers: Numbers<V> | ((vm: V, name: string) => ProseNumber | undefined);
  /** The stage for a network of the reader's own; absent where the lesson shows none. Fetched when one is asked for. */
  readonly own?: OwnLesson;
}

/** A page that has been opened: one reader's walk, and what the page's components read. */
export interface OpenPage {
  readonly walkthrough: Walkthrough;
  readonly viewModel: ViewModel;
  /** Reads a number that the prose names. */
  readonly number: (name: string) => ProseNumber | undefined;
}

/** A lesson's page as the notebook opens it: the lesson's own types are known inside and need not be known outside. */
export interface LessonPage {
  readonly lesson: Lesson;
  readonly stage: Component;
  readonly own?: OwnLesson;
  /** Begins a walk. Call it while a component initialises: view models open effects. */
  open(slug: string, glossary: Readonly<Record<string, GlossaryEntry>>): OpenPage;
}

/** Declares the page of a lesson. */
export function definePage<F extends Fields, V extends ViewModel>(parts: PageParts<F, V>): LessonPage {
  const { lesson, stage, viewModel: make, numbers, own } = parts;
  return {
    lesson,
    stage,
    ...(own && { own }),
    open(slug, glossary) {
      const walkthrough = new Walkthrough(lesson, slug, glossary, own !== undefined);
      const viewModel = make(walkthrough);
      const number = (name: string) =>
        typeof numbers === 'function' ? numbers(viewModel, name) : readNumber(numbers, viewModel, name);
      return { walkthrough, viewModel, number };
    },
  };
}
