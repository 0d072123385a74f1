import type { Component } from 'svelte';
import type { Lang, Text } from '#lib/base/lang.ts';
import type { Field, Fields, StateOf, StateSchema } from '#lib/state/schema.ts';
import type { ReferenceKey } from './bibliography/index.ts';

/**
 * A name that depends on the state. Taken out of a method, so that a lesson with certain fields is also a lesson with
 * any fields.
 */
type ByState<F extends Fields> = { of(state: StateOf<F>): string | undefined }['of'];

/** One step of a lesson: a stretch of prose that sets the stage when it is reached. */
export interface StepSpec<F extends Fields = Fields> {
  /** Stands in the permalink and as the anchor: short, lower case. */
  readonly id: string;
  /** Set above the step and in the table of contents; a step without one continues the step before. */
  readonly title?: Text;
  /** The lesson’s argument holds without it: headings and contents say that it may be left out. */
  readonly optional?: true;
  /** What reaching the step does to the stage. Fields it does not name stay as the reader left them. */
  readonly set?: Partial<StateOf<F>>;
  /** What a small stage shows at this step: the one thing it speaks of. */
  readonly focus?: Focus;
  /** The tensor the step speaks of, lit on the strip: its name, or a function of the state. */
  readonly lit?: string | ByState<F>;
}

/** What every panel is told; one that needs neither declares no properties. */
export interface PanelProps {
  /** Whether the screen is a phone's. */
  readonly compact: boolean;
  /** Pixels of height the panel has without making the stage higher than the window. */
  readonly height: number;
}

/** One of the things the stage can show beside the picture or in its place. */
export interface View {
  /** Its name on the stage's tabs. */
  readonly label: Text;
  /**
   * Fetches the panel. That of the view a lesson opens with comes with the page; the others come once the reader has
   * left the first step.
   */
  readonly panel: () => Promise<{
    readonly default: Component<PanelProps> | Component<Record<string, never>>;
  }>;
  /** It takes the whole stage, in place of the picture and what stands beside it. */
  readonly wide?: boolean;
}

/** The words that a state's field `view` can be; none where there is no such field. */
export type ViewId<F extends Fields> = string extends keyof F
  ? string
  : F extends { readonly view: Field<infer V extends string> }
    ? V
    : never;

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

/** What `lessons/<NN-slug>/lesson.ts` exports: what a lesson is, without its prose and figures. */
export interface Lesson<F extends Fields = Fields> extends Title {
  /** One or two sentences under the title; also the page's description. */
  readonly lead: Text;
  /** What the reader can do afterwards. */
  readonly objectives: readonly Text[];
  /** Folders under `models/` that the lesson runs. */
  readonly models: readonly string[];
  readonly state: StateSchema<F>;
  readonly steps: readonly StepSpec<F>[];
  /** The views of the stage by the words of the state's `view`, in the order of the tabs. */
  readonly views?: Readonly<Record<ViewId<F>, View>>;
  /** Glossary ids listed at the end of the lesson, in order. */
  readonly terms: readonly string[];
  /** Works listed at the end of the lesson, in order: keys of the bibliography. */
  readonly references: readonly ReferenceKey[];
  /** Lessons (by folder) whose terms are used here as well, beside the lesson's own. */
  readonly borrows?: readonly string[];
  /** Fetches the code of the lesson's worked cells, once a reader opens one. */
  readonly cells?: () => Promise<{ readonly cells: WorkedCells }>;
}

/** The worked cells of a lesson by the id that its text names them by: a few cells each, that use each other's names. */
export type WorkedCells = Readonly<Record<string, Readonly<Record<Lang, readonly string[]>>>>;

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
