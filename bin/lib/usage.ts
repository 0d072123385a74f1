import { parseArgs, type ParseArgsConfig } from 'node:util';

/** The caller's mistake, as one sentence without a full stop. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ options: T; allowPositionals: true }>
>['values'];

/**
 * Options, the one target, and settings. Settings are `--set key=value`; more may follow without `--set` before each.
 * @throws UsageError
 */
export function readArgs<T extends Options>(
  args: readonly string[],
  command: string,
  options: T,
): { values: Parsed<T>; target: string; settings: string[] } {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      options: { ...options, set: { type: 'string', multiple: true } },
      allowPositionals: true,
    });
  } catch (error) {
    const [first] = (error as Error).message.split(/\. /);
    throw new UsageError(`${first?.replace(/\.$/, '')}; patchwork ${command} --help lists the options`);
  }
  const values = parsed.values as Parsed<T>;
  const [target, ...more] = parsed.positionals;
  if (target === undefined || target.includes('=')) {
    throw new UsageError(
      `${command} needs a preset, a model folder or a weights file; patchwork ${command} --help says more`,
    );
  }
  const stray = more.find((word) => !word.includes('='));
  if (stray !== undefined)
    throw new UsageError(`"${stray}" is one argument too many; ${command} takes one model`);
  return { values, target, settings: [...((parsed.values as { set?: string[] }).set ?? []), ...more] };
}

/** The whole number of an option. @throws UsageError */
export function wholeNumber(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text) || Number(text) < 1)
    throw new UsageError(`${option} needs a whole number from 1 up, not "${text}"`);
  return Number(text);
}

/** The number of an option. @throws UsageError */
export function numberOf(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new UsageError(`${option} needs a number, not "${text}"`);
  return value;
}
