import type { Field } from './schema.ts';

/** A value a configuration's field may have. */
export type Setting = number | boolean | string | readonly number[];
export type Settings = Readonly<Record<string, Setting>>;

/** A list is printed `2-2-6`; one of a single number `6-`, so that it is none. */
const printed = (s: Setting): string =>
  typeof s === 'object' ? (s.length === 1 ? `${s[0]}-` : s.join('-')) : String(s);

function parsed(value: string): Setting {
  if (value === 'true' || value === 'false') return value === 'true';
  if (/^\d{1,6}-(\d{1,6}(-\d{1,6})*)?$/.test(value)) return value.split('-').filter(Boolean).map(Number);
  return Number.isFinite(Number(value)) ? Number(value) : value;
}

/** What was changed of a configuration, printed `dim:768~depths:2-2-6-2`. What the fields mean is for the architecture to check. */
export function settings(): Field<Settings> {
  return {
    default: {},
    print: (v) =>
      Object.entries(v)
        .map(([k, s]) => `${k}:${printed(s)}`)
        .join('~'),
    parse(raw) {
      const found: Record<string, Setting> = {};
      for (const part of raw.split('~').filter(Boolean)) {
        const [, key, value] = /^([a-zA-Z]\w{0,31}):([\w.-]{1,32})$/.exec(part) ?? [];
        if (key === undefined || value === undefined) return undefined;
        found[key] = parsed(value);
      }
      return found;
    },
  };
}

/** The name of a file, for a sentence; nothing is opened by it. */
export function fileName(): Field<string> {
  return {
    default: '',
    print: (v) => v.slice(0, 80),
    // eslint-disable-next-line no-control-regex
    parse: (raw) => (raw.length <= 80 && !/[\x00-\x1f]/.test(raw) ? raw : undefined),
  };
}
