import { ConfigError, familyOf, type Blueprint } from '#lib/models/registry.ts';
import type { Setting } from '#lib/state/settings.ts';

/** A changed field must be one the family offers, with a value of its kind. @throws ConfigError */
export function checkKind(of: Blueprint, field: string, value: Setting): void {
  const known = familyOf(of.architecture).fields.find((f) => f.name === field);
  if (!known) throw new ConfigError(field, `is no field of this architecture.`);
  const fits =
    known.kind === 'number'
      ? typeof value === 'number'
      : known.kind === 'flag'
        ? typeof value === 'boolean'
        : known.kind === 'numbers'
          ? typeof value === 'object'
          : known.options.some((o) => o.value === value);
  if (!fits) throw new ConfigError(field, `cannot be ${String(value)}.`);
}
