import type { Text } from '#lib/base/lang.ts';
import { defaultsOf, unsettled, type Fields, type StateOf, type StateSchema } from './schema.ts';

/** Something in a link that could not be used. `shown` is the printed value that stands in its place. */
export type LinkProblem =
  | { readonly kind: 'value'; readonly field: string; readonly raw: string; readonly shown: string }
  | { readonly kind: 'field'; readonly field: string; readonly raw: string }
  | { readonly kind: 'version'; readonly raw: string; readonly known: number }
  /** Something the lesson itself found wrong, in its own words. */
  | { readonly kind: 'lesson'; readonly text: Text };

export interface Opened<F extends Fields> {
  readonly state: StateOf<F>;
  /** The step the link was taken at, if it names one. */
  readonly step: string | undefined;
  /** The tensor that lay open in the drawer. */
  readonly open: string | undefined;
  /** Whether the steps are shown one at a time, as slides. */
  readonly present: boolean;
  /** Whether the link said anything at all: a bare address opens the lesson at its beginning. */
  readonly given: boolean;
  readonly problems: readonly LinkProblem[];
}

/** Query fields that belong to others (the choice of device, a host's campaign tags) are passed over in silence. */
const FOREIGN = /^(device$|utm_|fbclid$|gclid$|ref$|mc_)/;

/**
 * Reads a query string (`?v=1&p=8`). Never throws: an unknown field, a value out of range or a link from a later
 * version is named in `problems`, and the default stands in its place; for a value that another field does not allow,
 * what the schema has in its place.
 */
export function readLink<F extends Fields>(schema: StateSchema<F>, search: string): Opened<F> {
  const state = defaultsOf(schema) as Record<string, unknown>;
  const problems: LinkProblem[] = [];
  let raw = new Map<string, string>();
  for (const [k, v] of new URLSearchParams(search)) if (!FOREIGN.test(k) && !raw.has(k)) raw.set(k, v);
  const present = raw.get('present') === '1';
  raw.delete('present');
  const given = raw.size > 0;

  const said = raw.get('v');
  let version = said === undefined ? schema.version : /^\d{1,4}$/.test(said) ? Number(said) : NaN;
  if (!(version >= 1 && version <= schema.version)) {
    problems.push({ kind: 'version', raw: said ?? '', known: schema.version });
    version = schema.version;
  }
  for (; version < schema.version; version++) raw = new Map(schema.migrations[version]?.(raw) ?? raw);

  const step = raw.get('s');
  raw.delete('v');
  raw.delete('s');
  const open = raw.get('o');
  raw.delete('o');
  for (const [k, text] of raw) {
    const field = Object.hasOwn(schema.fields, k) ? schema.fields[k] : undefined;
    if (!field) {
      problems.push({ kind: 'field', field: k, raw: text });
      continue;
    }
    const value = field.parse(text);
    if (value === undefined) {
      problems.push({ kind: 'value', field: k, raw: text, shown: field.print(field.default) });
    } else {
      state[k] = value;
    }
  }
  for (const [k, value] of unsettled(schema, state as StateOf<F>)) {
    const text = raw.get(k);
    const shown = schema.fields[k]?.print(value) ?? '';
    if (text !== undefined) problems.push({ kind: 'value', field: k, raw: text, shown });
    state[k] = value;
  }
  return {
    state: state as StateOf<F>,
    step: step || undefined,
    open: open || undefined,
    present,
    given,
    problems,
  };
}

/** The query string of a state: `''` for the defaults, else `?v=…` with only the fields that differ. */
export function writeLink<F extends Fields>(
  schema: StateSchema<F>,
  state: StateOf<F>,
  at: { readonly step?: string; readonly open?: string; readonly present?: boolean } = {},
): string {
  const parts: string[] = [];
  const settled = new Map(unsettled(schema, state));
  for (const [k, field] of Object.entries(schema.fields)) {
    const text = field.print(settled.has(k) ? settled.get(k) : state[k]);
    if (text !== field.print(field.default)) parts.push(`${k}=${encodeURIComponent(text)}`);
  }
  if (at.step) parts.push(`s=${encodeURIComponent(at.step)}`);
  if (at.open) parts.push(`o=${encodeURIComponent(at.open)}`);
  if (at.present) parts.push('present=1');
  return parts.length ? `?v=${schema.version}&${parts.join('&')}` : '';
}
