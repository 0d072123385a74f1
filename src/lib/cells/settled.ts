import type { Text } from '#lib/base/lang.ts';
import type { Field } from '#lib/state/schema.ts';
import type { Plain } from './messages.ts';

/** A value as a link prints it. */
function printed(value: Plain): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return Array.isArray(value) ? value.join('.') : String(value);
}

/**
 * What a cell wants to set, held to the fields' own rules.
 * @returns the values, or the sentence that says what is wrong with one of them
 */
export function settled(
  fields: Readonly<Record<string, Field<unknown>>>,
  changes: Readonly<Record<string, Plain>>,
): { readonly values: Readonly<Record<string, unknown>>; readonly refused?: Text } {
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(changes)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field)
      return {
        values: {},
        refused: {
          en: `There is no “${name}” to be set; there are ${Object.keys(fields).join(', ')}.`,
          zh: `没有可以设置的“${name}”。可以设置的是：${Object.keys(fields).join('、')}。`,
        },
      };
    const parsed = field.parse(printed(value));
    if (parsed === undefined)
      return {
        values: {},
        refused: {
          en: `“${name}” cannot be ${printed(value).slice(0, 60)}.`,
          zh: `“${name}”不能是 ${printed(value).slice(0, 60)}。`,
        },
      };
    values[name] = parsed;
  }
  return { values };
}
