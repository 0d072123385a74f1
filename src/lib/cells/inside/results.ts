import { MOST_BYTES, MOST_VALUES, type Plain, type Result } from '../messages.ts';
import { markupOf } from './markup.ts';
import { InputRequest, PictureValue } from './values.ts';
import { TensorValue } from './tensor-value.ts';
import { treeOf } from './tree.ts';

const ROWS = 200;
const COLUMNS = 20;
/** Of a number in a table; the number itself is as it was. */
const DIGITS = 6;

/** A value as it leaves the sandbox. Tensors and pictures are copied: the cell keeps its own. */
export function resultOf(value: unknown): Result {
  if (value instanceof TensorValue) {
    if (value.size > MOST_VALUES) return tooLarge(value.size, MOST_VALUES, 'values');
    const { name, shape, dims, values } = value;
    return { is: 'tensor', tensor: { name, shape: [...shape], dims: [...dims], values: values.slice() } };
  }
  if (value instanceof PictureValue) {
    const { width, height, data } = value;
    if (data.length > MOST_VALUES) return tooLarge(data.length, MOST_VALUES, 'values');
    return { is: 'picture', picture: { width, height, data: data.slice() } };
  }
  if (value instanceof InputRequest) return { is: 'input', key: value.key, input: value.input };
  const markup = markupOf(value);
  if (markup) {
    if (markup.text.length > MOST_BYTES) return tooLarge(markup.text.length, MOST_BYTES, 'bytes');
    return { is: 'markup', kind: markup.kind, text: markup.text };
  }
  if (ArrayBuffer.isView(value) && value.byteLength / 4 > MOST_VALUES)
    return tooLarge(value.byteLength / 4, MOST_VALUES, 'values');
  return tableOf(value) ?? { is: 'value', tree: treeOf(value) };
}

function tooLarge(size: number, most: number, unit: 'values' | 'bytes'): Result {
  return { is: 'refused', size, most, unit };
}

/** A list of records with plain fields, as a table; undefined for everything else. */
function tableOf(value: unknown): Result | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const some: unknown[] = value.slice(0, ROWS);
  const columns: string[] = [];
  for (const row of some) {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) return undefined;
    if (![Object.prototype, null].includes(Object.getPrototypeOf(row))) return undefined;
    for (const [key, field] of Object.entries(row)) {
      if (typeof field === 'object' && field !== null && !(field instanceof Date)) return undefined;
      if (!columns.includes(key)) columns.push(key);
    }
  }
  if (columns.length === 0 || columns.length > COLUMNS) return undefined;
  const said = (field: unknown) => {
    if (field === undefined || field === null) return '';
    if (typeof field === 'number' && !Number.isInteger(field))
      return String(Number(field.toPrecision(DIGITS)));
    const tree = treeOf(field);
    return 'text' in tree ? tree.text.slice(0, 200) : '';
  };
  const rows = some.map((row) => columns.map((column) => said(Reflect.get(Object(row), column))));
  return { is: 'table', columns, rows, length: value.length };
}

/** What JSON holds of a value. @throws TypeError for a function and for a circle */
export function plainOf(value: unknown, above: readonly unknown[] = []): Plain {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object')
    throw new TypeError(`Only plain data can be handed over, and no ${typeof value}.`);
  if (above.includes(value)) throw new TypeError('Only plain data can be handed over, and no circle.');
  const inside = [...above, value];
  if (value instanceof TensorValue) return plainOf(value.toArray(), inside);
  if (value instanceof Map) return [...value.keys()].map((key) => plainOf(key, inside));
  if (Array.isArray(value) || ArrayBuffer.isView(value) || value instanceof Set)
    return Array.from(value as Iterable<unknown>, (part) => plainOf(part, inside));
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plainOf(part, inside)]));
}
