import { familyIds, familyOf } from '#lib/models/registry.ts';
import { nearest } from '#lib/base/nearest.ts';
import { UsageError } from './usage.ts';

/** Every field of an architecture's configuration with an example of its type. */
function examples(id: string): Readonly<Record<string, unknown>> {
  const { defaults, optional } = familyOf(id);
  return { ...defaults, ...optional };
}

/** The fields `--set` knows, for help texts: a line for each architecture. */
export const SETTINGS = familyIds()
  .map((id) => `${familyOf(id).title.en}: ${Object.keys(examples(id)).join(', ')}`)
  .join('\n                       ');

/**
 * `heads=6 gelu=tanh qkvBias=false` as a part of an architecture's configuration. Values are checked against each other
 * later.
 * @throws UsageError for an unknown field, with the nearest known one, or a value of the wrong kind
 */
export function readSettings(settings: readonly string[], id: string): Readonly<Record<string, unknown>> {
  const known = examples(id);
  return Object.fromEntries(settings.map((setting) => readSetting(setting, known)));
}

function readSetting(setting: string, known: Readonly<Record<string, unknown>>): [string, unknown] {
  const at = setting.indexOf('=');
  if (at < 1) throw new UsageError(`--set takes field=value, not "${setting}"`);
  const field = setting.slice(0, at).trim();
  const value = setting.slice(at + 1).trim();
  if (!Object.hasOwn(known, field)) {
    const fields = Object.keys(known);
    const similar = nearest(field, fields);
    throw new UsageError(
      `--set knows no field "${field}"; ${similar ? `did you mean ${similar}` : `there are ${fields.join(', ')}`}`,
    );
  }
  const example = known[field];
  if (typeof example === 'boolean') {
    if (value !== 'true' && value !== 'false')
      throw new UsageError(`--set ${field} takes true or false, not "${value}"`);
    return [field, value === 'true'];
  }
  if (typeof example === 'number') {
    if (value === '' || !Number.isFinite(Number(value)))
      throw new UsageError(`--set ${field} takes a number, not "${value}"`);
    return [field, Number(value)];
  }
  if (Array.isArray(example)) {
    const list = value.split(/[-,]/).map(Number);
    if (!/^\d+([-,]\d+)*$/.test(value))
      throw new UsageError(`--set ${field} takes whole numbers with commas between them, not "${value}"`);
    return [field, list];
  }
  return [field, value];
}
