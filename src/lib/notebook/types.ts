import type { Text } from '#lib/base/lang.ts';
import type { Fields, StateOf, StateSchema } from '#lib/state/schema.ts';

/** One step of a lesson: a stretch of prose that sets the stage when it is reached. */
export interface StepSpec<F extends Fields = Fields> {
  /** Stands in the permalink and as the anchor: short, lower case. */
  readonly id: string;
  /** Set above the step and in the table of contents; a step without one continues the step before. */
  readonly title?: Text;
  /** What reaching the step does to the stage. Fields it does not name stay as the reader left them. */
  readonly set?: Partial<StateOf<F>>;
  /** What a small stage shows at this step: the one thing it speaks of. */
  readonly focus?: Focus;
}

/** The two halves of a stage: the picture (or main figure), and what stands beside it. */
export type Focus = 'picture' | 'panel';

/** What `lessons/<NN-slug>/title.ts` exports: what other pages say of a lesson. It travels with every page: keep it small. */
export interface Title {
  readonly number: number;
  /** Which part of the notebook it stands in: a number of parts.ts. */
  readonly part: number;
  /** Name in menus: one word or two. */
  readonly short: Text;
  /** The lesson's one question. */
  readonly title: Text;
  readonly minutes: number;
}

/** What `lessons/<NN-slug>/lesson.ts` exports: everything about a lesson but its prose and figures. */
export interface Lesson<F extends Fields = Fields> extends Title {
  /** One or two sentences under the title; also the page's description. */
  readonly lead: Text;
  /** What the reader can do afterwards. */
  readonly objectives: readonly Text[];
  /** Folders under `models/` that the lesson runs. */
  readonly models: readonly string[];
  readonly state: StateSchema<F>;
  readonly steps: readonly StepSpec<F>[];
  /** Glossary ids listed at the end of the lesson, in order. */
  readonly terms: readonly string[];
  /** Reference ids listed at the end of the lesson, in order. */
  readonly references: readonly string[];
  /** Lessons (by folder) whose terms and references are used here as well, beside the lesson's own. */
  readonly borrows?: readonly string[];
}

/** Declares a lesson; checks what a typing slip would break silently. */
export function defineLesson<F extends Fields>(lesson: Lesson<F>): Lesson<F> {
  const seen = new Set<string>();
  for (const step of lesson.steps) {
    if (seen.has(step.id)) throw new Error(`lesson ${lesson.number}: two steps are called "${step.id}"`);
    if (!/^[a-z][a-z0-9-]*$/.test(step.id))
      throw new Error(`lesson ${lesson.number}: "${step.id}" is no step id`);
    seen.add(step.id);
    for (const key of Object.keys(step.set ?? {})) {
      if (!(key in lesson.state.fields)) {
        throw new Error(
          `lesson ${lesson.number}: step "${step.id}" sets "${key}", which the state does not have`,
        );
      }
    }
  }
  return lesson;
}

/** A term of the glossary, in both languages. */
export interface GlossaryEntry {
  readonly term: Text;
  readonly meaning: Text;
}

/** A work the prose cites. */
export interface Reference {
  /** As printed in the prose: “Dosovitskiy et al., 2021”. */
  readonly cite: string;
  readonly title: string;
  readonly authors: string;
  readonly year: number;
  readonly venue?: string;
  readonly arxiv?: string;
  readonly doi?: string;
}
