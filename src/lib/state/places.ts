import type { Field } from './schema.ts';

/** Pairs such as block and head, printed `3.0~3.2`; numbers alone for `size` 1. */
export function places(size: 1 | 2): Field<readonly string[]> {
  const one = size === 1 ? /^\d{1,4}$/ : /^\d{1,3}\.\d{1,3}$/;
  return {
    default: [],
    print: (v) => v.join('~'),
    parse(raw) {
      const list = raw.split('~').filter(Boolean);
      return list.length <= 2048 && list.every((n) => one.test(n)) ? [...new Set(list)] : undefined;
    },
  };
}
