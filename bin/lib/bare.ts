import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chooseNetwork } from '#lib/models/networks.ts';
import { UnreadFields } from '#lib/models/shared/infer.ts';
import { ConfigError } from '#lib/base/config-error.ts';
import { isForeign, openBare, type Bare } from '#lib/own/reading/bare.ts';
import { openWeights } from '#lib/weights/open.ts';
import type { WeightSource } from '#lib/weights/source.ts';
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

/**
 * A weights file with what its names and shapes tell of the network.
 * @throws WeightsError, and UsageError with the file's name that says which fields must be set or cannot be
 */
export function openBareFile(
  path: string,
  settings: readonly string[],
  { note, prefix: asked, picture }: TargetOptions,
): Bare & { readonly source: WeightSource } {
  const file = openWeights(readBytes(path), path, (name) => {
    const shard = join(dirname(path), name);
    return existsSync(shard) ? readBytes(shard) : undefined;
  });
  const { source, prefix, others } = chooseNetwork(file, asked);
  if (others.length > 0 && asked === undefined) {
    const left = others.map((other) => (other === '' ? 'the one without a prefix' : `"${other}"`)).join(', ');
    const way = `, --prefix ${others[0] || '""'} takes another`;
    note(
      `${path} holds ${others.length + 1} networks; the one behind "${prefix}" is taken, left out: ${left}${way}`,
    );
  }
  const set = (family: { readonly id: string }) => readSettings(settings, family.id);
  const bare = named(path, () => openBare(source, { ...besideIt(path), set, picture }));
  if (bare.told.length > 0) note(`${path}: ${bare.told.join(', ')} taken from the config.json beside it`);
  return { source, ...bare };
}

/** Descriptions of other libraries that lie beside a weights file. */
function besideIt(path: string): { readonly config?: string; readonly preprocessor?: string } {
  const read = (name: string): string | undefined => {
    const file = join(dirname(path), name);
    return existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined;
  };
  const config = read('config.json');
  // The notebook's own describes a model folder, whose weights may be opened apart from it.
  if (config === undefined || !isForeign(config)) return {};
  const preprocessor = read('preprocessor_config.json');
  return { config, ...(preprocessor !== undefined && { preprocessor }) };
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
