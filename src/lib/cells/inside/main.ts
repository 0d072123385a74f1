/** The sandbox's worker: Observable's runtime, the cells in it, and the line to the page. Bundled into one text. */
import { light } from './before.ts';
import { Runtime, type Module } from '@observablehq/runtime';
import type { ToSandbox } from '../messages.ts';
import { refuseBrackets } from './brackets.ts';
import { Cell } from './cells.ts';
import { fitting, roomOf } from './fitted.ts';
import { Entries, Line } from './line.ts';
import { html, svg } from './markup.ts';
import { noise } from './noise.ts';
import { tensorFrom } from './programs.ts';
import { reachOf } from './reach.ts';
import { TensorValue } from './tensor-value.ts';
import { PictureValue } from './values.ts';

/** What a bundle of libraries may hold. */
interface Libraries {
  readonly Plot?: typeof import('@observablehq/plot');
  readonly d3?: unknown;
}

/** Everything that the page tells becomes variables of the module in which the cells are. */
class House {
  readonly #line: Line;
  readonly #entries = new Entries();
  readonly #main: Module;
  readonly #cells = new Map<string, Cell>();
  readonly #known = new Set<string>();
  /** Variables that wait for their first value. Observable's runtime lets no other definition in before that has come. */
  readonly #waiting = new Map<string, (value: unknown) => void>();
  readonly #state = new Map<string, string>();
  #plot: ReturnType<typeof fitting> | undefined;
  #room = roomOf(Infinity);
  readonly #reach: ReturnType<typeof reachOf>;

  constructor(line: Line) {
    this.#line = line;
    this.#reach = reachOf(line);
    Cell.set = this.#reach.set;
    const fixed = { html, svg, Tensor: TensorValue, Picture: PictureValue, noise, model: this.#reach.model };
    const builtins = Object.entries(fixed).map(([name, value]) => [name, () => value] as const);
    this.#main = new Runtime(Object.fromEntries(builtins)).module();
    for (const name of ['Plot', 'd3', 'picture', 'state']) this.#await(name);
    this.#put('tensor', () => this.#reach.tensor);
    this.#put('width', () => 640);
    line.listen((message) => this.#hear(message));
    line.say({ say: 'ready' });
  }

  /** Defines a variable of the page's, or defines it anew: then what reads it runs again. */
  #put(name: string, definition: () => unknown): void {
    const waiting = this.#waiting.get(name);
    this.#waiting.delete(name);
    if (waiting) waiting(definition());
    else if (this.#known.has(name)) this.#main.redefine(name, [], definition);
    else this.#main.variable(true).define(name, [], definition);
    this.#known.add(name);
  }
  #await(name: string): void {
    if (!this.#known.has(name))
      this.#put(name, () => new Promise((resolve) => this.#waiting.set(name, resolve)));
  }

  #hear(message: ToSandbox): void {
    switch (message.say) {
      case 'batch':
        return message.messages.forEach((one) => this.#hear(one));
      case 'ping':
        return this.#line.say({ say: 'pong', n: message.n });
      case 'cell': {
        this.#cells.get(message.id)?.forget();
        for (const name of message.tensors) this.#await(`tensor:${name}`);
        for (const field of message.fields ?? [])
          if (!this.#known.has(`state.${field}`)) this.#put(`state.${field}`, () => undefined);
        this.#cells.set(message.id, new Cell(this.#main, message, this.#line, this.#entries));
        return;
      }
      case 'forget':
        this.#cells.get(message.id)?.forget();
        this.#cells.delete(message.id);
        return;
      case 'state':
        return this.#hearState(message.state);
      case 'tensor': {
        const tensor = tensorFrom(message.tensor);
        return this.#put(`tensor:${message.name}`, () => tensor);
      }
      case 'generation':
        // A new function: cells that name tensors as they go run again.
        return this.#put('tensor', () => (name: unknown) => this.#reach.tensor(name));
      case 'picture': {
        const { width, height, data } = message.picture;
        // Made once: a cell may ask for it at every pixel.
        const shown = new PictureValue(width, height, data);
        const here = (id?: unknown) => (id === undefined ? shown : this.#reach.pictureOf(id));
        return this.#put('picture', () => here);
      }
      case 'width': {
        this.#put('width', () => message.width);
        const room = roomOf(message.width);
        if (room === this.#room) return;
        this.#room = room;
        return this.#draw();
      }
      case 'library': {
        const { Plot, d3 } = new Function(`${message.code}\nreturn patchworkBundle;`)() as Libraries;
        if (d3) this.#put('d3', () => d3);
        if (!Plot) return;
        this.#plot = fitting(Plot);
        return this.#draw();
      }
      case 'entered':
        return this.#entries.enter(message.key, message.value);
      case 'step':
        return this.#line.stepped(message);
      case 'answer':
      case 'refuse':
        return this.#line.answered(message);
    }
  }

  #draw(): void {
    const [plot, room] = [this.#plot, this.#room];
    if (plot) this.#put('Plot', () => plot(room));
  }
  #hearState(state: Extract<ToSandbox, { say: 'state' }>['state']): void {
    const { set } = this.#reach;
    for (const [field, value] of Object.entries(state)) {
      const now = JSON.stringify(value);
      if (this.#state.get(field) === now) continue;
      this.#state.set(field, now);
      this.#put(`state.${field}`, () => value);
    }
    this.#put('state', () => Object.freeze({ ...state, set }));
  }
}

globalThis.onmessage = ({ data }: MessageEvent<{ port: MessagePort }>) => {
  globalThis.onmessage = null;
  Object.freeze(light);
  refuseBrackets();
  new House(new Line(data.port));
};
