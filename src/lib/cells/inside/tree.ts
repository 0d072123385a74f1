import type { Tree } from '../messages.ts';

const DEPTH = 6;
const ENTRIES = 50;
const NODES = 2000;
const TEXT = 2000;

/** A value as a tree that is shown: at most six deep, fifty entries of a list, two thousand in all; circles are said. */
export function treeOf(value: unknown): Tree {
  let left = NODES;
  const above: object[] = [];
  const visit = (of: unknown): Tree => {
    left--;
    const plain = plainOf(of);
    if (plain) return plain;
    const object = of as object;
    if (above.includes(object)) return { is: 'circle' };
    above.push(object);
    const { is, name, length, entries } = partsOf(object);
    const shown: [string, Tree][] = [];
    if (above.length <= DEPTH)
      for (const [key, part] of entries) {
        if (shown.length >= ENTRIES || left <= 0) break;
        shown.push([key.slice(0, 200), visit(part)]);
      }
    above.pop();
    return { is, of: name, length, entries: shown };
  };
  return visit(value);
}

const clipped = (text: string) => (text.length > TEXT ? `${text.slice(0, TEXT)}…` : text);

function plainOf(value: unknown): Tree | undefined {
  switch (typeof value) {
    case 'string':
      return { is: 'text', text: clipped(value) };
    case 'number':
      return { is: 'number', text: Object.is(value, -0) ? '-0' : String(value) };
    case 'bigint':
      return { is: 'number', text: `${clipped(String(value))}n` };
    case 'boolean':
    case 'undefined':
    case 'symbol':
      return { is: 'word', text: String(value) };
    case 'function':
      return {
        is: 'function',
        text: /^class\b/.test(String(value)) ? `class ${value.name}` : `${value.name || 'ƒ'}()`,
      };
  }
  if (value === null) return { is: 'word', text: 'null' };
  if (value instanceof Error) return { is: 'error', text: clipped(`${value.name}: ${value.message}`) };
  if (value instanceof Date)
    return { is: 'word', text: Number.isNaN(+value) ? 'Invalid Date' : value.toISOString() };
  if (value instanceof RegExp) return { is: 'word', text: clipped(String(value)) };
  if (value instanceof Promise) return { is: 'word', text: 'Promise' };
  return undefined;
}

interface Parts {
  readonly is: 'list' | 'record';
  readonly name: string;
  readonly length: number;
  readonly entries: Iterable<readonly [string, unknown]>;
}

function partsOf(of: object): Parts {
  if (of instanceof ArrayBuffer)
    return { is: 'list', name: 'ArrayBuffer', length: of.byteLength, entries: [] };
  if (Array.isArray(of) || (ArrayBuffer.isView(of) && !(of instanceof DataView))) {
    const list = of as ArrayLike<unknown>;
    const some = Array.from(
      { length: Math.min(list.length, ENTRIES) },
      (_, i) => [String(i), list[i]] as const,
    );
    return { is: 'list', name: nameOf(of), length: list.length, entries: some };
  }
  if (of instanceof Map) {
    const key = (k: unknown) => (typeof k === 'object' ? '{…}' : String(k));
    return {
      is: 'record',
      name: 'Map',
      length: of.size,
      entries: [...of].map(([k, v]) => [key(k), v] as const),
    };
  }
  if (of instanceof Set)
    return {
      is: 'list',
      name: 'Set',
      length: of.size,
      entries: [...of].map((v, i) => [String(i), v] as const),
    };
  const keys = Object.keys(of);
  return { is: 'record', name: nameOf(of), length: keys.length, entries: fields(of, keys) };
}

/** A getter may throw: then its message stands in its place. */
function* fields(of: object, keys: readonly string[]): Generator<readonly [string, unknown]> {
  for (const key of keys) {
    let value: unknown;
    try {
      value = Reflect.get(of, key);
    } catch (error) {
      value = error instanceof Error ? error : new Error(String(error));
    }
    yield [key, value];
  }
}

/** The name of its class; what the site's own classes say of themselves, since the bundle shortens their names. */
function nameOf(of: object): string {
  const tag: unknown = Reflect.get(of, Symbol.toStringTag);
  if (typeof tag === 'string') return tag.slice(0, 60);
  const name: unknown = Reflect.get(Object(Object.getPrototypeOf(of)), 'constructor')?.name;
  return typeof name === 'string' ? name.slice(0, 60) : 'Object';
}
