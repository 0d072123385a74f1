import { getContext, setContext } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';
import { readLink, writeLink, type LinkProblem } from '#lib/state/permalink.ts';
import { defaultsOf, unsettled, type Fields, type StateOf } from '#lib/state/schema.ts';
import { splitNetwork } from './network-link.ts';
import type { GlossaryEntry, Lesson, StepSpec } from './types.ts';

/**
 * One reader's walk through one lesson: the state of the stage, the step reached, what the link said. A step sets the
 * stage when it is reached; the reader may change anything at any time, and `back` returns to what the step set.
 */
export class Walkthrough<F extends Fields = Fields> {
  readonly lesson: Lesson<F>;
  readonly slug: string;
  /** Terms by id: the lesson's own, and those it borrows. */
  readonly glossary: Readonly<Record<string, GlossaryEntry>>;
  readonly state: StateOf<F>;
  /** The step the reader is at. */
  step = $state('');
  /** The tensor open in the drawer. */
  opened = $state<string>();
  /** Whether the steps are shown one at a time, as slides. */
  presenting = $state(false);
  /** What the address says of a network of the reader's own that stands in the lesson's place; empty: the lesson's. */
  network = $state('');
  readonly #takesNetwork: boolean;
  problems = $state.raw<readonly LinkProblem[]>([]);
  /** Whether the lesson was opened by its bare address: what the reader chose elsewhere may be carried over. */
  bare = $state(true);
  /** Steps that were reached, kept for the progress line. */
  readonly reached = new SvelteSet<string>();
  /** Counts the changes made by steps, so that figures animate those and follow the reader's hand at once. */
  staged = $state(0);

  constructor(
    lesson: Lesson<F>,
    slug: string,
    glossary: Readonly<Record<string, GlossaryEntry>>,
    takesNetwork = false,
  ) {
    this.lesson = lesson;
    this.#takesNetwork = takesNetwork;
    this.slug = slug;
    this.glossary = glossary;
    this.state = $state(defaultsOf(lesson.state));
    const first = lesson.steps[0];
    this.step = first?.id ?? '';
    Object.assign(this.state, first?.set);
  }

  spec(id: string): StepSpec<F> | undefined {
    return this.lesson.steps.find((s) => s.id === id);
  }

  /** The tensor the present step speaks of. */
  get lit(): string | undefined {
    return this.litAt(this.step);
  }
  /** The tensor that a step speaks of, at the state it has or would have. */
  litAt(id: string): string | undefined {
    const lit = this.spec(id)?.lit;
    return typeof lit === 'function' ? lit(this.stateAt(id)) : lit;
  }
  /** The state as it is at the present step, and as it would be at another one. */
  stateAt(id: string): StateOf<F> {
    return id === this.step ? this.state : { ...this.state, ...this.spec(id)?.set };
  }

  get index(): number {
    return this.lesson.steps.findIndex((s) => s.id === this.step);
  }

  /** Takes over a link's state. Returns the step to go to, if the link names one. */
  open(search: string): string | undefined {
    const { network, rest } = this.#takesNetwork ? splitNetwork(search) : { network: '', rest: search };
    this.network = network;
    const link = readLink(this.lesson.state, rest);
    this.problems = link.problems;
    this.bare = !link.given;
    this.presenting = link.present;
    if (!link.given) return undefined;
    const known = link.step !== undefined && this.spec(link.step) !== undefined;
    if (known) this.step = link.step!;
    else if (link.step !== undefined) {
      this.problems = [...this.problems, { kind: 'field', field: 's', raw: link.step }];
    }
    Object.assign(this.state, link.state);
    this.opened = link.open;
    return known ? link.step : undefined;
  }

  /** Stands again where an address of this lesson says, whatever was passed since: Back and Forward. */
  restore(search: string): string {
    const [first] = this.lesson.steps;
    this.opened = undefined;
    this.step = first?.id ?? '';
    Object.assign(this.state, defaultsOf(this.lesson.state), first?.set);
    this.open(search);
    this.staged++;
    return this.step;
  }

  /** Shows the picture the reader chose in another lesson, unless a link or the reader has set one already. */
  carry(picture: string): void {
    const field = this.lesson.state.fields['pic'];
    if (!field || !this.bare || field.print(this.state['pic']) !== field.print(field.default)) return;
    const value = field.parse(picture);
    if (value !== undefined) Object.assign(this.state, { pic: value });
  }

  /** Arrives at a step: marks it and sets the stage. Arriving where one already is changes nothing. */
  reach(id: string): void {
    this.reached.add(id);
    if (id === this.step) return;
    const spec = this.spec(id);
    if (!spec) return;
    this.step = id;
    this.#stage(spec);
  }

  /** Stands at a step with the stage set like this, without having reached it: for a figure of it. */
  stand(id: string, state: Readonly<StateOf<F>>): void {
    this.step = id;
    Object.assign(this.state, state);
    this.staged++;
  }

  /** Brings fields into the range that the others leave them, once one of those has changed. */
  settle(): void {
    Object.assign(this.state, Object.fromEntries(unsettled(this.lesson.state, this.state)));
  }

  /** Sets the stage as the present step wants it. */
  back(): void {
    const spec = this.spec(this.step);
    if (spec) this.#stage(spec);
  }

  /** Whether the reader has changed something the present step had set. */
  get taken(): boolean {
    const set = this.spec(this.step)?.set ?? {};
    return Object.entries(set).some(([k, v]) => {
      const field = this.lesson.state.fields[k];
      return field !== undefined && field.print(this.state[k]) !== field.print(v);
    });
  }

  /** The query string that opens this view again. */
  get link(): string {
    const atStart = this.index <= 0;
    const link = writeLink(this.lesson.state, this.state, {
      ...(atStart ? {} : { step: this.step }),
      ...(this.opened ? { open: this.opened } : {}),
      present: this.presenting,
    });
    return this.network ? `${link ? `${link}&` : '?'}${this.network}` : link;
  }

  #stage(spec: StepSpec<F>): void {
    Object.assign(this.state, spec.set);
    this.staged++;
  }
}

const KEY = Symbol('lesson-walkthrough');

export function provideWalkthrough<F extends Fields>(walkthrough: Walkthrough<F>): void {
  setContext(KEY, walkthrough);
}

/** The walk this component is part of. Throws outside a lesson page. */
export function useWalkthrough<F extends Fields = Fields>(): Walkthrough<F> {
  const walkthrough = getContext<Walkthrough<F> | undefined>(KEY);
  if (!walkthrough) throw new Error('this component belongs into a lesson page');
  return walkthrough;
}
