import type * as acorn from 'acorn';

/** What an expression is in Python, as far as its translation needs to know. */
export type Kind =
  | { readonly is: 'tensor'; readonly dims?: readonly string[] | undefined }
  | { readonly is: 'int' | 'number' | 'truth' | 'text' | 'record' | 'unknown' }
  | { readonly is: 'list'; readonly of: Kind }
  | { readonly is: 'function'; readonly gives: Kind };

export const INT: Kind = { is: 'int' };
export const NUMBER: Kind = { is: 'number' };
export const TENSOR: Kind = { is: 'tensor' };
export const UNKNOWN: Kind = { is: 'unknown' };
export const listOf = (of: Kind): Kind => ({ is: 'list', of });

/** An expression of Python. */
export interface Py {
  readonly text: string;
  readonly kind: Kind;
  /** How tightly it holds together: 3 a name, a call or an index; 2 a product; 1 a sum; 0 all that is looser. */
  readonly holds: 0 | 1 | 2 | 3;
  /** Its value, where that is known before anything runs. */
  readonly known?: unknown;
}

export const atom = (text: string, kind: Kind, known?: unknown): Py => ({
  text,
  kind,
  holds: 3,
  ...(known !== undefined && { known }),
});
/** The text, in brackets where it holds together less tightly than is needed. */
export const held = ({ text, holds }: Py, least: Py['holds']): string => (holds < least ? `(${text})` : text);

/** Whether it is a number in Python, or a tensor without dimensions, which acts as one. */
export const isNumeric = ({ is }: Kind): boolean => is === 'int' || is === 'number' || is === 'unknown';

/** An integer of Python, which an index and a range must be. */
export function asInt(py: Py): string {
  return py.kind.is === 'int' ? py.text : `int(${py.text})`;
}

/** Thrown where a piece of JavaScript has no counterpart that follows from its form alone. */
export class NoLine extends Error {
  /** What stands there, as it is written. */
  readonly node: acorn.Node;
  constructor(node: acorn.Node) {
    super('no line');
    this.node = node;
  }
}

const RESERVED = new Set(
  'and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield None True False torch math F w print range int float list max min sum abs len zip sorted slice enumerate set dict str type'.split(
    ' ',
  ),
);
/** A name of JavaScript as Python takes it. */
export function named(name: string): string {
  const plain = name.replace(/[^\p{ID_Continue}]/gu, '_');
  return RESERVED.has(plain) ? `${plain}_` : plain;
}

/** Names that are there, each with what it is. Inner scopes see the outer ones. */
export class Scope {
  readonly #names = new Map<string, Py>();
  readonly #outer: Scope | undefined;
  /** Python names that mean something already. */
  readonly #taken: ReadonlySet<string>;
  constructor(outer?: Scope, taken: ReadonlySet<string> = new Set()) {
    this.#outer = outer;
    this.#taken = outer ? outer.#taken : taken;
  }
  get(name: string): Py | undefined {
    return this.#names.get(name) ?? this.#outer?.get(name);
  }
  set(name: string, py: Py): void {
    this.#names.set(name, py);
  }
  /** A name is something else from here on, of which no value is known. */
  change(name: string, kind: Kind): void {
    const known = this.get(name);
    if (known) this.#owner(name).#names.set(name, atom(known.text, kind));
  }
  #owner(name: string): Scope {
    return this.#names.has(name) || !this.#outer ? this : this.#outer.#owner(name);
  }
  /** Declares a name under its Python spelling. */
  declare(name: string, kind: Kind, known?: unknown): string {
    const plain = named(name);
    const text = this.#taken.has(plain) ? `${plain}_` : plain;
    this.set(name, atom(text, kind, known));
    return text;
  }
}

/** What a translation has of the page: tensors by name, and what the reader has set. */
export interface Page {
  /** The Python expression of a tensor of the page; undefined where there is none. */
  readonly tensor: (name: string) => Py | undefined;
  /** Fields of the state, as they are now. */
  readonly state: Readonly<Record<string, unknown>>;
}

/** A piece of a cell's code that may stand for a value. */
export type Piece = acorn.Expression | acorn.SpreadElement | acorn.Super | acorn.PrivateIdentifier;

/** How pieces inside a piece are translated. */
export interface Context {
  readonly page: Page;
  /** @throws NoLine */
  readonly read: (node: Piece, scope: Scope) => Py;
}

/** What comes out of a list, or of a tensor along its first dimension. */
export function elementOf(kind: Kind): Kind {
  if (kind.is === 'list') return kind.of;
  if (kind.is === 'tensor') return { is: 'tensor', dims: kind.dims?.slice(1) };
  return UNKNOWN;
}

/** A parameter's or a declaration's names, declared in a scope: `v`, or `[a, b]`. @throws NoLine */
export function bound(pattern: acorn.Pattern, kind: Kind, scope: Scope, known?: unknown): string {
  if (pattern.type === 'Identifier') return scope.declare(pattern.name, kind, known);
  if (pattern.type !== 'ArrayPattern') throw new NoLine(pattern);
  const values: readonly unknown[] = Array.isArray(known) ? known : [];
  const parts = pattern.elements.map((part, k) =>
    part ? bound(part, elementOf(kind), scope, values[k]) : named('_'),
  );
  return parts.length === 1 ? `(${parts[0]},)` : `(${parts.join(', ')})`;
}
