import type { Graph } from '#lib/graph/graph.ts';
import { formatValue } from '#lib/base/format.ts';
import { moments } from '../residual.ts';
import { numberOf } from './number.ts';
import { RECIPES } from './recipes.ts';
import type { Recipe, Source, Strength } from './recipe.ts';
import type { Node, Value } from '#lib/graph/types.ts';

/** A number that goes into a computation; without a name where the graph has none for it. */
export interface Part {
  readonly name?: string;
  /** In the named tensor's own shape, its batch included. */
  readonly index?: readonly number[];
  readonly value: number;
}

/** One of the numbers that a step takes together. */
export interface Row {
  readonly parts: readonly Part[];
  /** The product, the exponential, or the number itself. */
  readonly value: number;
}

/** What a step takes together: Σ a · b; a sum, mean or maximum, the place of the smallest; e^(x − m); or the row that a norm is taken of. */
export type StepKind = 'products' | 'sum' | 'mean' | 'max' | 'argmin' | 'softmax' | 'norm' | 'expression';

/** One step of a computation. */
export interface Step {
  readonly kind: StepKind;
  /** The largest in size first, for the place of the smallest the smallest; at most `ROWS`. */
  readonly rows: readonly Row[];
  /** Numbers taken together: 0 for an expression. */
  readonly count: number;
  /** Of the rows that are not listed: the sum of their values. */
  readonly rest: number;
  /** Numbers on the way, by their sign: Σ, b, m, μ, σ. */
  readonly between: readonly (readonly [sign: string, value: number])[];
  /** The left side of the step's equation in numbers, `Σ + b` for one in signs. */
  readonly written: string;
  readonly value: number;
}

export interface Computation {
  /** In the order of computation; the last gives the cell. None where the cell is a copy of another. */
  readonly steps: readonly Step[];
  /** The cell, computed in double precision. */
  readonly value: number;
  /** The sizes of the numbers of the last step added up: what its rounding in float32 is a share of. */
  readonly magnitude: number;
}

/** Rows of a step that are listed. */
export const ROWS = 6;
/** Numbers that are read at most for one cell. */
const MOST = 2_000_000;

/** Gives a cell of a named tensor, weight or input; undefined where its values are not there. */
export type ReadCell = (name: string, index: readonly number[]) => number | undefined;

class NotThere extends Error {}

/** A number with the way it is written. */
interface Written {
  readonly value: number;
  readonly text: string;
  readonly strength: Strength;
}
const STRENGTHS: readonly Strength[] = ['sum', 'product', 'atom'];
const write = (v: number) => formatValue(v, 6);
const atom = (value: number): Written => ({
  value,
  text: write(value),
  strength: value < 0 ? 'product' : 'atom',
});

/**
 * How a cell gets its number: computed in double precision, step by step, from the named tensors, weights and inputs
 * before it, in the same order as the graph. Helpers without a name are followed back.
 *
 * Undefined where a number that is needed is not there, or where more than two million would have to be read.
 * @param index of the cell, in the tensor's own shape
 */
export function computeCell(
  graph: Graph,
  name: string,
  index: readonly number[],
  read: ReadCell,
): Computation | undefined {
  try {
    return new Walk(graph.value(name), read).computation(index);
  } catch (error) {
    if (error instanceof NotThere) return undefined;
    throw error;
  }
}

class Walk {
  readonly #root: Value;
  readonly #read: ReadCell;
  readonly #known = new Map<Value, Map<string, number>>();
  readonly #steps: Step[] = [];
  #reads = 0;
  #magnitude = 0;

  constructor(root: Value, read: ReadCell) {
    this.#root = root;
    this.#read = read;
  }

  computation(index: readonly number[]): Computation {
    const { value, text } = this.#explained(this.#root, index);
    const last = this.#steps.at(-1);
    // What is made of functions alone, or goes on after the last sum, is a step of its own.
    if (text !== write(value) && last?.written !== text) {
      this.#steps.push({
        kind: 'expression',
        rows: [],
        count: 0,
        rest: 0,
        between: [],
        written: text,
        value,
      });
    }
    return { steps: this.#steps, value, magnitude: Math.max(this.#magnitude, Math.abs(value)) };
  }

  /** The node behind a value, where it is to be looked into: the cell's own, and that of a helper. */
  #nodeOf(value: Value): Node | undefined {
    return value === this.#root || value.internal ? value.producer : undefined;
  }
  #recipe(node: Node, value: Value, index: readonly number[]): Recipe {
    const make = RECIPES[node.op];
    if (!make) throw new Error(`There is no recipe for ${node.op}.`);
    return make(node, index, node.outputs.indexOf(value));
  }

  #leaf(value: Value, index: readonly number[]): number {
    if (++this.#reads > MOST) throw new NotThere();
    if (value.data) {
      const flat = index.reduce((at, i, d) => at * (value.shape[d] ?? 1) + i, 0);
      return Number(value.data[flat]);
    }
    const found = this.#read(value.name, index);
    if (found === undefined) throw new NotThere();
    return found;
  }

  /** The number alone. */
  #number(value: Value, index: readonly number[]): number {
    const node = this.#nodeOf(value);
    if (!node) return this.#leaf(value, index);
    const recipe = this.#recipe(node, value, index);
    const of = (s: Source) => this.#number(node.inputs[s.input]!, s.index);
    if (recipe.kind === 'copy') return of(recipe.from);
    const key = index.join();
    const kept = this.#known.get(value) ?? new Map<string, number>();
    this.#known.set(value, kept);
    const known = kept.get(key) ?? numberOf(recipe, of);
    kept.set(key, known);
    return known;
  }

  /** The number with where it comes from: what is only moved is followed to the cell that has a name. */
  #part(value: Value, index: readonly number[]): Part {
    const node = this.#nodeOf(value);
    if (node) {
      const recipe = this.#recipe(node, value, index);
      if (recipe.kind === 'copy') return this.#part(node.inputs[recipe.from.input]!, recipe.from.index);
      return { value: this.#number(value, index) };
    }
    const number = this.#leaf(value, index);
    return value.kind === 'constant' ? { value: number } : { name: value.name, index, value: number };
  }

  /** The number as it is written, with the steps that it takes on the way. */
  #explained(value: Value, index: readonly number[]): Written {
    const node = this.#nodeOf(value);
    if (!node) return atom(this.#leaf(value, index));
    const recipe = this.#recipe(node, value, index);
    const of = (s: Source) => this.#explained(node.inputs[s.input]!, s.index);
    const part = (s: Source) => this.#part(node.inputs[s.input]!, s.index);
    switch (recipe.kind) {
      case 'copy':
        return of(recipe.from);
      case 'chosen':
        return of(recipe.from(this.#number(node.inputs[recipe.by.input]!, recipe.by.index)));
      case 'apply':
        return this.#applied(recipe, recipe.of.map(of));
      case 'products':
        return this.#products(recipe, part);
      case 'gathered':
        return this.#gathered(recipe, part);
      case 'softmax':
        return this.#softmax(recipe, part);
      case 'norm':
        return this.#norm(recipe, part);
    }
  }

  #applied(recipe: Extract<Recipe, { kind: 'apply' }>, parts: readonly Written[]): Written {
    const texts = parts.map(({ text, strength }, i) => {
      const needed = STRENGTHS.indexOf(recipe.needs?.[i] ?? 'atom');
      return STRENGTHS.indexOf(strength) < needed ? `(${text})` : text;
    });
    const value = recipe.by(...parts.map((p) => p.value));
    this.#magnitude = Math.max(this.#magnitude, ...parts.map((p) => Math.abs(p.value)));
    return { value, text: recipe.write(texts, write), strength: recipe.strength };
  }

  /** Adds a step and gives its result. */
  #step(
    kind: StepKind,
    all: readonly Row[],
    rest: Pick<Step, 'between' | 'written' | 'value'>,
    magnitude: number,
  ): Written {
    const sorted = [...all].sort((a, b) =>
      kind === 'argmin' ? a.value - b.value : Math.abs(b.value) - Math.abs(a.value),
    );
    const others = sorted.slice(ROWS).reduce((sum, { value }) => sum + value, 0);
    this.#steps.push({ kind, rows: sorted.slice(0, ROWS), count: all.length, rest: others, ...rest });
    this.#magnitude = Math.max(this.#magnitude, magnitude);
    return atom(rest.value);
  }

  #products(recipe: Extract<Recipe, { kind: 'products' }>, part: (s: Source) => Part): Written {
    const rows = recipe.pairs.map(([a, b]): Row => {
      const parts = [part(a), part(b)] as const;
      return { parts, value: parts[0].value * parts[1].value };
    });
    const sum = rows.reduce((total, { value }) => total + value, 0);
    const size = rows.reduce((total, { value }) => total + Math.abs(value), 0);
    if (!recipe.bias) return this.#step('products', rows, { between: [], written: 'Σ', value: sum }, size);
    const bias = part(recipe.bias).value;
    const written = `${write(sum)} + ${bias < 0 ? `(${write(bias)})` : write(bias)}`;
    const between = [
      ['Σ', sum],
      ['b', bias],
    ] as const;
    return this.#step('products', rows, { between, written, value: sum + bias }, size + Math.abs(bias));
  }

  #gathered({ how, of }: Extract<Recipe, { kind: 'gathered' }>, part: (s: Source) => Part): Written {
    const rows = of.map((s): Row => {
      const one = part(s);
      return { parts: [one], value: one.value };
    });
    const sum = rows.reduce((total, { value }) => total + value, 0);
    const size = rows.reduce((total, { value }) => total + Math.abs(value), 0);
    if (how === 'sum') return this.#step(how, rows, { between: [], written: 'Σ', value: sum }, size);
    if (how === 'max') {
      const value = rows.reduce((most, row) => Math.max(most, row.value), -Infinity);
      return this.#step(how, rows, { between: [], written: 'max', value }, 0);
    }
    if (how === 'argmin') {
      const values = rows.map((row) => row.value);
      const value = values.indexOf(Math.min(...values));
      return this.#step(how, rows, { between: [], written: 'argmin', value }, 1);
    }
    const mean = {
      between: [['Σ', sum]] as const,
      written: `${write(sum)} / ${of.length}`,
      value: sum / of.length,
    };
    return this.#step(how, rows, mean, size / of.length);
  }

  #softmax({ of, at }: Extract<Recipe, { kind: 'softmax' }>, part: (s: Source) => Part): Written {
    const parts = of.map(part);
    const most = parts.reduce((m, { value }) => Math.max(m, value), -Infinity);
    const rows = parts.map((p): Row => ({ parts: [p], value: Math.exp(p.value - most) }));
    const sum = rows.reduce((total, { value }) => total + value, 0);
    const own = parts[at]!.value;
    const written = `e^(${write(own)} − ${most < 0 ? `(${write(most)})` : write(most)}) / ${write(sum)}`;
    const between = [
      ['m', most],
      ['Σ', sum],
    ] as const;
    // The exponent is a difference of float32 numbers: its rounding is a share of the largest. Below the smallest normal
    // number of float32 fewer digits are left: rounding is a share of that one.
    const value = rows[at]!.value / sum;
    const size = Math.max(value, 2 ** -126) * (1 + Math.abs(own) + Math.abs(most));
    return this.#step('softmax', rows, { between, written, value }, size);
  }

  #norm(recipe: Extract<Recipe, { kind: 'norm' }>, part: (s: Source) => Part): Written {
    const rows = recipe.of.map((s): Row => {
      const one = part(s);
      return { parts: [one], value: one.value };
    });
    const own = rows[recipe.at]!.value;
    const { mean, variance } = moments(rows.map((r) => r.value));
    const divisor = Math.sqrt(variance + recipe.epsilon);
    const weight = part(recipe.weight).value;
    const bias = recipe.bias && part(recipe.bias).value;
    const signed = (v: number) => (v < 0 ? `(${write(v)})` : write(v));
    const written =
      `(${write(own)} − ${signed(mean)}) / ${write(divisor)} × ${signed(weight)}` +
      (bias === undefined ? '' : ` + ${signed(bias)}`);
    const value = ((own - mean) / divisor) * weight + (bias ?? 0);
    const between = [
      ['x', own],
      ['μ', mean],
      ['√(σ² + ε)', divisor],
      ['γ', weight],
      ...(bias === undefined ? [] : [['β', bias] as const]),
    ] as const;
    const size = ((Math.abs(own) + Math.abs(mean)) / divisor) * Math.abs(weight) + Math.abs(bias ?? 0);
    return this.#step('norm', rows, { between, written, value }, size);
  }
}
