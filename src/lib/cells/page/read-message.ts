import {
  MOST_BYTES,
  MOST_SHOWN,
  MOST_VALUES,
  type Asked,
  type FromSandbox,
  type InputSpec,
  type Plain,
  type Result,
  type SentPicture,
  type SentTensor,
  type Shown,
  type Tree,
} from '../messages.ts';

const isRecord = (of: unknown): of is Record<string, unknown> => typeof of === 'object' && of !== null;
const isCount = (of: unknown): of is number => typeof of === 'number' && Number.isInteger(of) && of >= 0;
const isShort = (of: unknown, most = 2_100): of is string => typeof of === 'string' && of.length <= most;
const isList = <T>(of: unknown, is: (one: unknown) => one is T, most: number): of is T[] =>
  Array.isArray(of) && of.length <= most && of.every(is);
const isName = (of: unknown): of is string => isShort(of, 300);

/** Finds the numbers of a large result, which came before it (parts.ts). */
type Whole = (of: unknown) => unknown;

/** What the sandbox said, if it has the form that a message has; a cell's code may send anything. */
export function readMessage(of: unknown, whole: Whole): FromSandbox | undefined {
  if (!isRecord(of)) return undefined;
  const { say, id, version, n } = of;
  if (say === 'ready') return { say };
  if (say === 'pong') return isCount(n) ? { say, n } : undefined;
  if (say === 'asks') {
    const { call, what, cell } = of;
    const from = isName(cell) ? { cell } : {};
    return isCount(call) && isAsked(what) ? { say, call, what, of: of['of'], ...from } : undefined;
  }
  if (say === 'drops') return isCount(of['call']) ? { say, call: of['call'] } : undefined;
  if (!isName(id) || !isCount(version)) return undefined;
  if (say === 'begins') return { say, id, version };
  if (say === 'fails') return readFailure(of, id, version);
  if (say !== 'shows' || typeof of['ms'] !== 'number') return undefined;
  const shown = Array.isArray(of['shown'])
    ? of['shown'].slice(0, MOST_SHOWN).map((one) => readShown(one, whole))
    : [];
  return { say, id, version, shown: shown.filter((one) => one !== undefined), ms: of['ms'] };
}

const ASKED: readonly string[] = [
  ...(['tensor', 'describe', 'run', 'sample', 'program', 'picture', 'set'] satisfies Asked[]),
];
const isAsked = (of: unknown): of is Asked => typeof of === 'string' && ASKED.includes(of);

function readFailure(of: Record<string, unknown>, id: string, version: number): FromSandbox | undefined {
  const { message, zh, line, column, nearest } = of;
  if (typeof message !== 'string') return undefined;
  return {
    say: 'fails',
    id,
    version,
    message: message.slice(0, 2_000),
    ...(typeof zh === 'string' && { zh: zh.slice(0, 2_000) }),
    ...(isCount(line) && isCount(column) && { line, column }),
    ...(isList(nearest, isName, 3) && { nearest }),
  };
}

function readShown(of: unknown, whole: Whole): Shown | undefined {
  if (!isRecord(of)) return undefined;
  const result = readResult(of['result'], whole);
  const name = isName(of['name']) ? of['name'] : undefined;
  return result && { result, ...(name !== undefined && { name }) };
}

function readResult(of: unknown, whole: Whole): Result | undefined {
  if (!isRecord(of)) return undefined;
  switch (of['is']) {
    case 'value': {
      const tree = readTree(of['tree'], 12);
      return tree && { is: 'value', tree };
    }
    case 'tensor': {
      const tensor = readTensor(of['tensor'], whole);
      return tensor && { is: 'tensor', tensor };
    }
    case 'picture': {
      const picture = readPicture(of['picture'], whole);
      return picture && { is: 'picture', picture };
    }
    case 'markup': {
      const { kind, text } = of;
      return (kind === 'html' || kind === 'svg') && isShort(text, MOST_BYTES)
        ? { is: 'markup', kind, text }
        : undefined;
    }
    case 'table': {
      const { columns, rows, length } = of;
      const isRow = (row: unknown): row is string[] => isList(row, isName, 20);
      if (!isList(columns, isName, 20) || !isList(rows, isRow, 200) || !isCount(length)) return undefined;
      return { is: 'table', columns, rows, length };
    }
    case 'input': {
      const input = readInput(of['input']);
      return input && isName(of['key']) ? { is: 'input', key: of['key'], input } : undefined;
    }
    case 'refused': {
      const { size, most, unit } = of;
      if (typeof size !== 'number' || typeof most !== 'number') return undefined;
      return { is: 'refused', size, most, unit: unit === 'bytes' ? 'bytes' : 'values' };
    }
    default:
      return undefined;
  }
}

function readTree(of: unknown, depth: number): Tree | undefined {
  if (!isRecord(of) || depth === 0) return undefined;
  const { is, text, length, entries } = of;
  switch (is) {
    case 'circle':
      return { is };
    case 'text':
    case 'number':
    case 'word':
    case 'function':
    case 'error':
      return isShort(text) ? { is, text } : undefined;
    case 'list':
    case 'record': {
      if (!isName(of['of']) || !isCount(length) || !Array.isArray(entries)) return undefined;
      const read = entries.slice(0, 60).flatMap((entry: unknown): [string, Tree][] => {
        const [key, value] = Array.isArray(entry) ? (entry as unknown[]) : [];
        const tree = readTree(value, depth - 1);
        return isName(key) && tree ? [[key, tree]] : [];
      });
      return { is, of: of['of'], length, entries: read };
    }
    default:
      return undefined;
  }
}

function readTensor(of: unknown, whole: Whole): SentTensor | undefined {
  if (!isRecord(of)) return undefined;
  const { name, shape, dims } = of;
  const values = whole(of['values']);
  if (!isShort(name, 300) || !isList(shape, isCount, 12) || !isList(dims, isName, 12)) return undefined;
  if (!(values instanceof Float32Array) || values.length > MOST_VALUES) return undefined;
  const fits = dims.length === shape.length && shape.reduce((a, b) => a * b, 1) === values.length;
  return fits ? { name, shape, dims, values } : undefined;
}

export function readPicture(of: unknown, whole: Whole = (data) => data): SentPicture | undefined {
  if (!isRecord(of)) return undefined;
  const { width, height } = of;
  const data = whole(of['data']);
  if (!isCount(width) || !isCount(height) || width * height === 0 || width * height * 4 > MOST_VALUES)
    return undefined;
  return data instanceof Uint8ClampedArray && data.length === width * height * 4
    ? { width, height, data }
    : undefined;
}

function readInput(of: unknown): InputSpec | undefined {
  if (!isRecord(of) || !isName(of['control']) || !Array.isArray(of['args'])) return undefined;
  const args = of['args'].slice(0, 4).map((arg) => readPlain(arg));
  return { control: of['control'], args };
}

/** Plain data, made anew: no property of a foreign object is kept, `__proto__` least of all. What is no data is null. */
export function readPlain(of: unknown, depth = 8): Plain {
  if (of === null || typeof of === 'string' || typeof of === 'boolean' || typeof of === 'number') return of;
  if (depth === 0 || !isRecord(of)) return null;
  if (Array.isArray(of)) return of.slice(0, 10_000).map((part) => readPlain(part, depth - 1));
  const safe = Object.keys(of).filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key));
  return Object.fromEntries(safe.slice(0, 1_000).map((key) => [key, readPlain(of[key], depth - 1)]));
}
