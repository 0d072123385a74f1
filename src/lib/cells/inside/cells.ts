import type { Module, Variable } from '@observablehq/runtime';
import { MOST_SHOWN, type Shown, type ToSandbox, type Tree } from '../messages.ts';
import { Refusal, type Entries, type Line } from './line.ts';
import { markupOf } from './markup.ts';
import { messageOf, placeIn } from './place.ts';
import { programsOf } from './programs.ts';
import { inputsOf } from './reach.ts';
import { resultOf } from './results.ts';
import { SaidError } from './said-error.ts';
import { TensorValue } from './tensor-value.ts';
import { treeOf } from './tree.ts';
import { InputRequest, PictureValue } from './values.ts';

type CellMessage = Extract<ToSandbox, { say: 'cell' }>;
type Run = (...args: unknown[]) => unknown;

/** A cell of the notebook in Observable's runtime: one variable that runs it, and one for each of its names. */
export class Cell {
  readonly #of: CellMessage;
  readonly #line: Line;
  readonly #entries: Entries;
  readonly #variables: Variable[] = [];
  /** Of the newest run: what it displayed, what its names are, its value. */
  #displayed: unknown[] = [];
  #named = new Map<string, unknown>();
  #value: { readonly is: unknown } | undefined;
  #run = 0;
  #controls = 0;
  #began = 0;
  #ms = 0;
  #due = false;
  #failed = false;

  constructor(main: Module, of: CellMessage, line: Line, entries: Entries) {
    this.#of = of;
    this.#line = line;
    this.#entries = entries;
    this.#define(main);
  }

  forget(): void {
    this.#run = -1;
    for (const variable of this.#variables.reverse()) variable.delete();
  }

  get #source(): string {
    return `cell-${this.#of.id}-${this.#of.version}`;
  }

  #define(main: Module): void {
    const { id, inputs, outputs, tensors, fields, body } = this.#of;
    const own = ['display', 'view', 'Inputs', 'sample', 'program'];
    const taken = inputs.filter((name) => !own.includes(name) && name !== 'state');
    const state = inputs.includes('state') ? (fields?.map((field) => `state.${field}`) ?? ['state']) : [];
    const needs = [...taken, ...tensors.map((name) => `tensor:${name}`), ...state, 'invalidation'];
    const code = (0, eval)(`${body}\n//# sourceURL=${this.#source}`) as Run;
    const run = (...values: unknown[]) => {
      const now = this.#begin();
      const by = new Map(needs.map((name, i) => [name, values[i]]));
      const args: Record<string, unknown> = {
        ...Object.fromEntries(taken.map((name) => [name, by.get(name)])),
        display: (value: unknown) => this.#display(now, value),
        view: (value: unknown) => this.#view(now, value),
        Inputs: inputsOf(() => `${id}:${this.#controls++}`),
        ...programsOf(this.#line, id, by.get('invalidation') as Promise<void>),
      };
      if (tensors.length > 0) {
        const ask = by.get('tensor') as (name: unknown) => unknown;
        args.tensor = (name: string) => (tensors.includes(name) ? by.get(`tensor:${name}`) : ask(name));
      }
      if (state.length > 0) args.state = fields ? this.#fieldsOf(by, fields) : by.get('state');
      else if (inputs.includes('state')) args.state = this.#fieldsOf(by, []);
      const value = code(...inputs.map((name) => args[name]));
      // The runtime waits for the run before; one that never ends must not keep the next from beginning.
      const over = by.get('invalidation') as Promise<void>;
      const stale = () => over.then(() => Promise.reject(new Error('superseded')));
      return value instanceof Promise ? Promise.race([value, stale()]) : value;
    };
    const whole = outputs.length > 0 ? `cell ${id}` : null;
    const observer = {
      fulfilled: (value: unknown) => {
        if (this.#run < 0) return;
        this.#failed = false;
        this.#ms = performance.now() - this.#began;
        this.#value = this.#of.shows ? { is: value } : undefined;
        this.#flush();
      },
      rejected: (error: unknown) => this.#fail(error),
    };
    this.#variables.push(main.variable(observer).define(whole, needs, run));
    for (const name of outputs) {
      const told = {
        fulfilled: (value: unknown) => {
          this.#named.set(name, value);
          this.#flush();
        },
        rejected: (error: unknown) => {
          if (!this.#failed) this.#fail(error);
        },
      };
      this.#variables.push(
        main.variable(told).define(name, [`cell ${id}`], (of: Record<string, unknown>) => of[name]),
      );
    }
  }

  #fieldsOf(by: ReadonlyMap<string, unknown>, fields: readonly string[]): object {
    const whole = by.get('state.set') ?? Cell.set;
    return Object.freeze({ ...Object.fromEntries(fields.map((f) => [f, by.get(`state.${f}`)])), set: whole });
  }
  /** Asks the page to change its state. */
  static set: (changes: unknown) => void = () => {};

  #begin(): number {
    this.#displayed = [];
    this.#named.clear();
    this.#controls = 0;
    this.#failed = false;
    this.#began = performance.now();
    this.#line.say({ say: 'begins', id: this.#of.id, version: this.#of.version });
    return ++this.#run;
  }

  #display<T>(run: number, value: T): T {
    if (run !== this.#run) return value;
    if (this.#displayed.length < MOST_SHOWN) this.#displayed.push(value);
    this.#flush();
    return value;
  }
  #view(run: number, value: unknown): unknown {
    this.#display(run, value);
    if (value instanceof InputRequest) return this.#entries.of(value.key);
    throw new SaidError(
      'view() takes a control of Inputs, such as view(Inputs.range([0, 1])).',
      'view() 里要放一个 Inputs 控件，例如 view(Inputs.range([0, 1]))。',
    );
  }

  /** Says what is shown, once for all that happens in this turn. */
  #flush(): void {
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() =>
      setTimeout(() => {
        this.#due = false;
        if (this.#run >= 0 && !this.#failed) this.#tell();
      }),
    );
  }
  #tell(): void {
    try {
      const shown: Shown[] = this.#displayed.map((value) => ({ result: resultOf(value) }));
      if (this.#value && this.#value.is !== undefined) shown.push({ result: resultOf(this.#value.is) });
      // In the order of the code; they come in another.
      for (const name of this.#of.outputs) {
        const value = this.#named.get(name);
        if (this.#named.has(name) && typeof value !== 'function')
          shown.push({ name, result: { is: 'value', tree: shortOf(value) } });
      }
      const { id, version } = this.#of;
      this.#line.say({ say: 'shows', id, version, shown: shown.slice(0, MOST_SHOWN), ms: this.#ms });
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#run < 0) return;
    this.#failed = true;
    const { id, version, offset } = this.#of;
    const at = placeIn(error, this.#source, offset);
    const nearest = error instanceof Refusal ? error.nearest : undefined;
    this.#line.say({
      say: 'fails',
      id,
      version,
      message: messageOf(error),
      ...(error instanceof SaidError && { zh: error.zh }),
      ...at,
      ...(nearest && { nearest }),
    });
  }
}

/** What stands beside a name: large things by what they are alone. */
function shortOf(value: unknown): Tree {
  if (value instanceof TensorValue) return { is: 'word', text: String(value) };
  if (value instanceof PictureValue) return { is: 'word', text: `Picture ${value.width} × ${value.height}` };
  if (value instanceof InputRequest) return { is: 'word', text: `Inputs.${value.input.control}` };
  const markup = markupOf(value);
  return markup
    ? { is: 'word', text: `<${/^<(\w+)/.exec(markup.text)?.[1] ?? markup.kind}>` }
    : treeOf(value);
}
