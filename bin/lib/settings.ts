import { VIT_DEFAULTS, type VitConfig } from '../../src/lib/architectures/vit.ts';
import { nearest } from './nearest.ts';
import { UsageError } from './usage.ts';

const EXAMPLES: Readonly<Required<VitConfig>> = { ...VIT_DEFAULTS, classToken: true, patchBias: true };

/** The fields `--set` knows, for help texts. */
export const SETTINGS = Object.keys(EXAMPLES).join(', ');

/**
 * `heads=6 gelu=tanh qkvBias=false` as a partial configuration. Values are checked against each other later.
 * @throws UsageError for an unknown field, with the nearest known one, or a value of the wrong kind
 */
export function readSettings(settings: readonly string[]): Partial<VitConfig> {
  return Object.fromEntries(settings.map(readSetting));
}

function readSetting(setting: string): [string, unknown] {
  const at = setting.indexOf('=');
  if (at < 1) throw new UsageError(`--set takes field=value, not "${setting}"`);
  const field = setting.slice(0, at).trim();
  const value = setting.slice(at + 1).trim();
  if (!Object.hasOwn(EXAMPLES, field)) {
    const similar = nearest(field, Object.keys(EXAMPLES));
    throw new UsageError(
      `--set knows no field "${field}"; ${similar ? `did you mean ${similar}` : `there are ${SETTINGS}`}`,
    );
  }
  const example = EXAMPLES[field as keyof VitConfig];
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
  return [field, value];
}
