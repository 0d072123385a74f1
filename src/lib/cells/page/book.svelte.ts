import { untrack } from 'svelte';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import type { House } from '../house.ts';
import { readBook, type ReadCell } from '../language/book.ts';
import type { CellFault } from '../language/faults.ts';
import type { FromSandbox, Plain, ToSandbox } from '../messages.ts';
import { plainMap, plainSet } from '../plain.ts';
import { answerer } from './answer.svelte.ts';
import { CellState, freshId } from './cell.svelte.ts';
import { Feed } from './feed.svelte.ts';
import { Questions } from './questions.ts';
import { Sandbox, type End } from './sandbox.ts';
import { SENTENCES } from './sentences.ts';
import { Settings } from './settings.svelte.ts';

/** Cells that ask a model for a pass run a moment after the last keystroke, the others at once. */
const COSTLY = ['model', 'sample', 'program'];
const PAUSE_MS = 600;

/**
 * A notebook on a page: its cells, what they say of each other, and the sandbox they run in. Make it while a component
 * is made (it opens effects). Nothing runs before `run()`, or ever on its own where `trusted` is false.
 */
export class Book {
  readonly house: House;
  /** What cells set of the page's state. */
  readonly settings: Settings;
  cells = $state.raw<readonly CellState[]>([]);
  /** Whether the cells run as they are: what came by a link or a file waits for the reader. */
  trusted = $state(true);
  /** Whether it runs: it was asked to, or was trusted from the beginning. */
  running = $state(false);
  /** Pixels of a result's width. */
  width = $state(640);
  /** What the reader entered into controls, by their key. */
  readonly #entered = plainMap<string, Plain>();
  readonly #feed: Feed;
  readonly #questions: Questions;
  #sandbox: Sandbox | undefined;
  #begun: string | undefined;
  #timers = plainMap<string, ReturnType<typeof setTimeout>>();
  /** Whether what runs cells could not be fetched. */
  #unopened = $state(false);

  /** What each cell names and needs, and what keeps it from running. */
  readonly read: readonly ReadCell[] = $derived.by(() =>
    readBook(
      this.cells.map(({ id, code }) => ({ id, code })),
      this.house.tensors,
    ),
  );
  readonly #byId = $derived.by(() => plainMap(this.read.map((cell) => [cell.id, cell])));

  constructor(house: House, engine: Engine, cells: readonly string[] = []) {
    this.house = house;
    this.settings = new Settings(house);
    this.cells = cells.map((code) => new CellState(freshId(), code));
    this.#feed = new Feed(this);
    this.#questions = new Questions(
      answerer(
        house,
        engine,
        (changes) => this.settings.set(changes),
        (name, given) => this.#feed.watch(name, given),
      ),
    );
    $effect(() => {
      if (!this.running) return;
      const { read } = this;
      // Only another reading of the cells sends anything, not what is then written about them.
      untrack(() => this.#sync(read));
    });
    $effect(() => () => this.#end());
  }

  /** What keeps a cell from running or made it fail. */
  faultOf(cell: CellState): CellFault | undefined {
    const read = this.#byId.get(cell.id);
    return read?.fault ?? cell.thrown ?? (read?.compiled && this.#unfetched(read.compiled.inputs));
  }
  #unfetched(inputs: readonly string[]): CellFault | undefined {
    if (this.#unopened) return { kind: 'unfetched', text: SENTENCES.unopened };
    const missing = this.#feed.libraries.missing.filter((name) => inputs.includes(name));
    return missing.length > 0 ? { kind: 'unfetched', text: SENTENCES.unfetched(missing) } : undefined;
  }
  readOf(cell: CellState): ReadCell | undefined {
    return this.#byId.get(cell.id);
  }
  /** Cells that this one waits for in vain, because they have a fault of their own. */
  blockedBy(cell: CellState): readonly CellState[] {
    const needs = this.#byId.get(cell.id)?.needs ?? [];
    return this.cells.filter(
      (other) => needs.includes(other.id) && (this.faultOf(other) || other.status === 'stopped'),
    );
  }

  /** The reader asks: all cells run, and what is changed from now on. */
  run(): void {
    this.trusted = true;
    this.running = true;
  }
  /** Runs one cell again, with all that depend on it. What could not be fetched is asked for again. */
  runCell(cell: CellState): void {
    this.#feed.libraries.retry();
    cell.sent = undefined;
    if (cell.status === 'stopped') cell.status = 'idle';
    cell.thrown = undefined;
    if (this.running) this.#sync(this.read);
    else this.run();
  }
  /** Ends what a cell does, whatever it is. The others run anew, since they shared its worker. */
  stop(cell: CellState): void {
    this.#takeDown(cell, SENTENCES.stoppedByReader);
  }
  /** What a control of a cell was set to. */
  enter(key: string, value: Plain): void {
    this.#entered.set(key, value);
    this.#sandbox?.send({ say: 'entered', key, value });
  }

  add(after?: CellState, code = ''): CellState {
    const made = new CellState(freshId(), code);
    const at = after ? this.cells.indexOf(after) + 1 : this.cells.length;
    this.cells = this.cells.toSpliced(at, 0, made);
    return made;
  }
  /** Takes a cell out. Returns what puts it back. */
  remove(cell: CellState): () => void {
    const at = this.cells.indexOf(cell);
    this.cells = this.cells.filter((other) => other !== cell);
    return () => (this.cells = this.cells.toSpliced(at, 0, cell));
  }
  move(cell: CellState, by: -1 | 1): void {
    const at = this.cells.indexOf(cell);
    const to = at + by;
    if (to < 0 || to >= this.cells.length) return;
    this.cells = this.cells.toSpliced(at, 1).toSpliced(to, 0, cell);
  }
  /** Other cells in place of these. They are not run before `run()` unless they are trusted. */
  replace(codes: readonly string[], trusted: boolean): void {
    this.#end();
    this.#entered.clear();
    this.cells = codes.map((code) => new CellState(freshId(), code));
    this.trusted = trusted;
    this.running = trusted && this.running;
  }

  /** Sends what has changed. */
  #sync(read: readonly ReadCell[]): void {
    const sandbox = (this.#sandbox ??= this.#open());
    for (const id of this.#timers.keys()) if (!read.some((one) => one.id === id)) this.#drop(id);
    const here = plainSet(read.map(({ id }) => id));
    const messages: ToSandbox[] = [...this.#sentIds].flatMap((id) =>
      here.has(id) ? [] : this.#forgotten(id),
    );
    for (const { id, compiled, fault } of read) {
      const cell = this.cells.find((one) => one.id === id);
      if (!cell) continue;
      const wish = compiled && !fault ? JSON.stringify(compiled) : '';
      if (
        wish === cell.sent ||
        (cell.status === 'stopped' && cell.sent === undefined && wish === this.#stoppedWith.get(id))
      )
        continue;
      this.#drop(id);
      const pause =
        cell.sent !== undefined && compiled?.inputs.some((name) => COSTLY.includes(name)) ? PAUSE_MS : 0;
      if (pause === 0) messages.push(...this.#telling(cell, wish));
      else
        this.#timers.set(
          id,
          setTimeout(() => this.#sandbox?.send({ say: 'batch', messages: this.#telling(cell, wish) }), pause),
        );
    }
    if (messages.length > 0) sandbox.send({ say: 'batch', messages });
    this.#feed.follow(read);
  }
  readonly #sentIds = plainSet<string>();
  readonly #stoppedWith = plainMap<string, string>();

  /** What the sandbox is told of a cell as it is now. */
  #telling(cell: CellState, wish: string): ToSandbox[] {
    const compiled = this.#byId.get(cell.id)?.compiled;
    cell.sent = wish;
    cell.thrown = undefined;
    if (wish === '' || !compiled) return this.#forgotten(cell.id);
    cell.status = 'waits';
    this.#sentIds.add(cell.id);
    return [{ say: 'cell', id: cell.id, version: ++cell.version, ...compiled }];
  }
  #forgotten(id: string): ToSandbox[] {
    return this.#sentIds.delete(id) ? [{ say: 'forget', id }] : [];
  }
  #drop(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  #open(): Sandbox {
    const sandbox: Sandbox = new Sandbox({
      hear: (message) => this.#hear(sandbox, message),
      busy: () => this.cells.some(({ status }) => status === 'runs'),
      ended: (why) => this.#lost(why),
    });
    this.#unopened = false;
    sandbox.start().catch(() => {
      if (sandbox === this.#sandbox) this.#unopen();
    });
    this.#feed.open(sandbox);
    for (const [key, value] of this.#entered) sandbox.send({ say: 'entered', key, value });
    return sandbox;
  }
  #end(): void {
    this.#questions.dropAll();
    for (const id of [...this.#timers.keys()]) this.#drop(id);
    this.#sandbox?.remove();
    this.#sandbox = undefined;
    this.#sentIds.clear();
    this.#feed.close();
  }

  /** There is no sandbox to run in. The next change, or Run, asks for it again. */
  #unopen(): void {
    this.#end();
    this.#unopened = true;
    for (const cell of this.cells) {
      cell.sent = undefined;
      if (cell.status !== 'stopped') cell.status = 'idle';
    }
  }

  #hear(from: Sandbox, message: FromSandbox): void {
    if (from !== this.#sandbox) return;
    if (message.say === 'asks') {
      void this.#questions.take(
        message,
        (reply, transfer) => from.send(reply, transfer),
        (id, progress) => this.cells.find((cell) => cell.id === id)?.goesOn(progress),
      );
      return;
    }
    if (message.say === 'drops') return this.#questions.drop(message.call);
    if (message.say === 'ready' || message.say === 'pong') return;
    const cell = this.cells.find(({ id }) => id === message.id);
    if (!cell || cell.version !== message.version || cell.status === 'stopped') return;
    if (message.say === 'begins') {
      cell.status = 'runs';
      cell.progress = undefined;
      this.#begun = cell.id;
    } else if (message.say === 'shows') {
      cell.status = 'done';
      cell.shown = message.shown;
      cell.thrown = undefined;
      cell.ms = message.ms;
    } else {
      cell.status = 'failed';
      const { line, column, nearest, message: said, zh = said } = message;
      const place = line !== undefined && column !== undefined ? { line, column } : {};
      cell.thrown = { kind: 'thrown', text: { en: said, zh }, ...place, ...(nearest && { nearest }) };
    }
  }

  /** The watch took the sandbox down: the cell that began last is stopped, the others run anew. */
  #lost(why: End): void {
    const runs = this.cells.filter(({ status }) => status === 'runs');
    const cell =
      runs.find(({ id }) => id === this.#begun) ??
      runs.at(-1) ??
      this.cells.find(({ id }) => id === this.#begun);
    if (cell) this.#takeDown(cell, why === 'flood' ? SENTENCES.flood : SENTENCES.silent);
  }
  #takeDown(cell: CellState, text: CellFault['text']): void {
    const wish = cell.sent;
    this.#end();
    for (const other of this.cells) {
      other.sent = undefined;
      if (other.status !== 'stopped') other.status = this.#byId.get(other.id)?.fault ? 'idle' : 'waits';
    }
    cell.status = 'stopped';
    cell.thrown = { kind: 'stopped', text };
    if (wish !== undefined) this.#stoppedWith.set(cell.id, wish);
    if (this.running) this.#sync(this.read);
  }
}
