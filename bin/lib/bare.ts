import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { recognise, type Assumption, type Blueprint, type Inferred } from '#lib/models/registry.ts';
import { foreignConfig, type ForeignConfig } from '#lib/models/foreign-config.ts';
import { checkpointOf } from '#lib/models/checkpoints.ts';
import { chooseNetwork } from '#lib/models/networks.ts';
import { UnreadFields } from '#lib/models/shared/infer.ts';
import { ConfigError } from '#lib/base/config-error.ts';
import { openWeights } from '#lib/weights/open.ts';
import { WeightsError, type WeightSource } from '#lib/weights/source.ts';
import { readBytes } from './files.ts';
import { readSettings } from './settings.ts';
import { UsageError } from './usage.ts';

export interface TargetOptions {
  /** Says on stderr what was assumed. */
  readonly note: (line: string) => void;
  /** Of several networks in a file, the one whose names begin so. */
  readonly prefix?: string | undefined;
  /** Height and width of the picture that a bare weights file is to be fed. */
  readonly picture?: (() => readonly [number, number] | undefined) | undefined;
}

/** A weights file without a description. */
export interface Bare {
  readonly source: WeightSource;
  readonly of: Blueprint;
  readonly assumed: readonly Assumption[];
  /** Names of the classes, where a description beside the file tells them. */
  readonly labels: readonly string[];
  readonly preprocessing?: Inferred<object>['preprocessing'];
  /** Whether that was read rather than assumed. */
  readonly prepared: boolean;
}

/**
 * A weights file with what its names and shapes tell of the network.
 * @throws WeightsError, ConfigError with the file's name, and UsageError that says which fields must be set
 */
export function openBare(path: string, settings: readonly string[], options: TargetOptions): Bare {
  const file = openWeights(readBytes(path), path, (name) => {
    const shard = join(dirname(path), name);
    return existsSync(shard) ? readBytes(shard) : undefined;
  });
  const { source, prefix, others } = chooseNetwork(file, options.prefix);
  if (others.length > 0 && options.prefix === undefined) {
    const left = others.map((other) => (other === '' ? 'the one without a prefix' : `"${other}"`)).join(', ');
    const way = `, --prefix ${others[0] || '""'} takes another`;
    options.note(
      `${path} holds ${others.length + 1} networks; the one behind "${prefix}" is taken, left out: ${left}${way}`,
    );
  }
  const family = recognise(source);
  const beside = besideIt(path);
  const fields = { ...family.defaults, ...family.optional };
  const told = Object.fromEntries(Object.entries(beside.set).filter(([field]) => field in fields));
  const own = readSettings(settings, family.id);
  const set = { ...told, ...own };
  const read = Object.keys(told).filter((field) => !(field in own));
  if (read.length > 0) options.note(`${path}: ${read.join(', ')} taken from the config.json beside it`);
  const infer = (known: Readonly<Record<string, unknown>>) => {
    const found = checkpointOf(family.id).infer(source, known);
    family.check(found.config);
    return found;
  };
  const found = named(path, () => atPicture(infer, set, options, family.optional ?? {}) ?? infer(set));
  const { classes } = found.config as { readonly classes?: unknown };
  return {
    source,
    of: { architecture: family.id, config: found.config },
    assumed: found.assumed,
    labels: beside.labels.length === classes ? beside.labels : [],
    prepared: beside.preprocessing !== undefined,
    ...((beside.preprocessing ?? found.preprocessing) && {
      preprocessing: beside.preprocessing ?? found.preprocessing!,
    }),
  };
}

/** What descriptions of other libraries tell that lie beside a weights file. */
function besideIt(path: string): ForeignConfig {
  const read = (name: string): string | undefined => {
    const file = join(dirname(path), name);
    return existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined;
  };
  const config = read('config.json');
  // The notebook's own describes a model folder, whose weights may be opened apart from it.
  return config !== undefined && isForeign(config)
    ? foreignConfig(config, read('preprocessor_config.json'))
    : foreignConfig(undefined);
}

/** A config.json of another kind, as Hugging Face's folders have. */
export function isForeign(json: string): boolean {
  try {
    const config: unknown = JSON.parse(json);
    return typeof config === 'object' && config !== null && !('schema' in config);
  } catch {
    return false;
  }
}

/** What the file is at the size of the picture it is to be fed, where a family has sides of its own. */
function atPicture(
  infer: (set: Readonly<Record<string, unknown>>) => Inferred<object>,
  set: Readonly<Record<string, unknown>>,
  { picture }: TargetOptions,
  optional: object,
): Inferred<object> | undefined {
  const size = 'imageWidth' in optional && set.image === undefined ? picture?.() : undefined;
  if (!size) return undefined;
  const [image, imageWidth] = size;
  try {
    return infer({ ...set, image, ...(imageWidth !== image && { imageWidth }) });
  } catch (error) {
    if (error instanceof WeightsError || error instanceof ConfigError) return undefined;
    throw error;
  }
}

/** @throws UsageError in place of errors that do not name the file, with what must be set */
function named<T>(path: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(`${path}: ${error.message}`);
    if (!(error instanceof UnreadFields)) throw error;
    const wanted = error.fields.map((field) => `--set ${field}=…`).join(' ');
    throw new UsageError(`${path}: ${error.message}, with ${wanted}`);
  }
}
