import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { familyOf, preset, presetNames, type Blueprint } from '#lib/models/registry.ts';
import type { PreprocessSpec } from '#lib/images/preprocess.ts';
import { isForeign } from '#lib/own/reading/bare.ts';
import { conventionsOf } from '#lib/own/reading/conventions.ts';
import { pictureSize, usualPreprocessing } from '#lib/own/reading/preparation.ts';
import { tokenizerFor } from '#lib/models/words.ts';
import {
  isDiffusion,
  parseModelConfig,
  type DiffusionSpec,
  type ModelConfig,
} from '#lib/models/model-config.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import type { Tokenizer } from '#lib/text/tokenizer.ts';
import type { WeightSource } from '#lib/weights/source.ts';
import { openBareFile, type TargetOptions } from './bare.ts';
import { checkedOnce } from './checked.ts';
import { readBytes } from './files.ts';
import { nearest } from '#lib/base/nearest.ts';
import { readSettings } from './settings.ts';
import { UsageError } from './usage.ts';

/** What a command works on. */
export interface Target {
  readonly kind: 'preset' | 'folder' | 'weights';
  readonly name: string;
  readonly of: Blueprint;
  /** Class names in the order of the logits; empty when there are none. */
  readonly labels: readonly string[];
  /** What the classes are called in English. */
  readonly names: readonly string[];
  readonly preprocessing: PreprocessSpec;
  /** How a diffusion model was trained; undefined for a preset and for bare weights. */
  readonly diffusion?: DiffusionSpec;
  /** Of a model that reads texts: what makes tokens of them. @throws Fault `config-invalid`, and the system's errors */
  tokenizer?(): Tokenizer;
  /** Whether the weights are there; a preset has none, and a folder may lack them. */
  readonly trained: boolean;
  /** What was assumed of how pictures are prepared, as a sentence; undefined where it is known. */
  readonly guess?: string;
  /**
   * The weights under the graph's names, held against the network; what is left out of the file or is no number is said.
   * @throws WeightsError; UsageError for a preset, which has none
   */
  weights(): WeightSource;
}

const WEIGHTS = 'model.safetensors';
/** What weights are called in folders of other libraries, the one to take first. */
const FOREIGN_WEIGHTS = [WEIGHTS, `${WEIGHTS}.index.json`, 'pytorch_model.bin'] as const;

/**
 * The preset, model folder or weights file that an argument names, with `--set` applied.
 * @throws UsageError, WeightsError, ModelConfigError, ConfigError, and the system's errors
 */
export function openTarget(argument: string, settings: readonly string[], options: TargetOptions): Target {
  const known = preset(argument);
  if (known) return presetTarget(argument, changed(known, settings));
  if (!existsSync(argument)) throw new UsageError(unknownTarget(argument));
  if (statSync(argument).isDirectory()) return folderTarget(argument, settings, options);
  return weightsTarget(argument, settings, options);
}

/** A blueprint with `--set` applied. @throws UsageError, ConfigError */
function changed(of: Blueprint, settings: readonly string[]): Blueprint {
  const config = { ...of.config, ...readSettings(settings, of.architecture) };
  familyOf(of.architecture).check(config);
  return { ...of, config };
}

function unknownTarget(argument: string): string {
  const names = presetNames();
  const similar = nearest(argument, names);
  return `"${argument}" is neither a preset nor a file or folder; ${similar ? `did you mean ${similar}` : `presets are ${names.join(', ')}`}`;
}

function presetTarget(name: string, of: Blueprint): Target {
  return {
    kind: 'preset',
    name,
    of,
    labels: [],
    names: [],
    preprocessing: usualPreprocessing(of),
    trained: false,
    weights: () => {
      throw new UsageError(
        `${name} is a preset: it has shapes but no weights; give a model folder or a weights file`,
      );
    },
  };
}

function folderTarget(folder: string, settings: readonly string[], options: TargetOptions): Target {
  const { note } = options;
  const path = join(folder, 'config.json');
  if (!existsSync(path)) {
    const bare = existsSync(join(folder, WEIGHTS))
      ? `; its weights alone can be read as ${join(folder, WEIGHTS)}`
      : '';
    throw new UsageError(`${folder} holds no config.json, so it is no model folder${bare}`);
  }
  const json = readFileSync(path, 'utf8');
  if (isForeign(json)) {
    const weights = FOREIGN_WEIGHTS.find((name) => existsSync(join(folder, name)));
    if (weights !== undefined) return weightsTarget(join(folder, weights), settings, options);
  }
  const model = parseModelConfig(json, path);
  const of = changed({ architecture: model.architecture, config: model.config }, settings);
  return {
    kind: 'folder',
    name: model.name,
    of,
    labels: model.labels.map((label) => label.id),
    names: model.labels.map((label) => label.en),
    preprocessing: { ...model.preprocessing, size: pictureSize(of) ?? model.preprocessing.size },
    ...(isDiffusion(model) && { diffusion: model.diffusion }),
    ...(model.tokenizer && { tokenizer: () => tokenizerIn(folder, model.tokenizer!.file, of) }),
    trained: existsSync(join(folder, WEIGHTS)),
    weights: checkedOnce(
      () => parseSafetensors(checked(folder, model, note), join(folder, WEIGHTS)),
      of,
      note,
    ),
  };
}

function tokenizerIn(folder: string, name: string, of: Blueprint): Tokenizer {
  const path = join(folder, name);
  return tokenizerFor(of, readFileSync(path, 'utf8'), path);
}

/** The folder's weights; a word on stderr when they aren't the ones its config.json describes. */
function checked(folder: string, model: ModelConfig, note: (line: string) => void): Uint8Array {
  const bytes = readBytes(join(folder, WEIGHTS));
  const expected = model.files[WEIGHTS]?.sha256;
  if (expected !== undefined && createHash('sha256').update(bytes).digest('hex') !== expected) {
    note(
      `${join(folder, WEIGHTS)} is not the file that config.json describes (its SHA-256 differs); the results are its own`,
    );
  }
  return bytes;
}

/** Bare weights: the family is told by their names, the configuration by their shapes. */
function weightsTarget(path: string, settings: readonly string[], options: TargetOptions): Target {
  const { note } = options;
  const { source, of, assumed, labels, preprocessing, prepared } = openBareFile(path, settings, options);
  for (const { field, value, why } of assumed)
    note(`${path} does not tell ${field}; ${String(value)} assumed (${why}), --set ${field}=… changes it`);
  const taken = conventionsOf(of, source.names()).map(({ en }) => en);
  if (taken.length > 0)
    note(`${path} does not tell this either, read as the code with its names has it: ${taken.join('; ')}`);
  const spec = usualPreprocessing(of, preprocessing);
  const habit = preprocessing?.why ?? 'pixels from −1 to 1';
  return {
    kind: 'weights',
    name: basename(path).replace(/\.(safetensors|pth|pt|bin|ckpt|npz|safetensors\.index\.json)$/, ''),
    of,
    labels,
    names: labels,
    preprocessing: spec,
    ...(!prepared && {
      guess: `${path} does not tell how pictures are prepared; mean ${spec.mean.join(',')} and std ${spec.std.join(',')} assumed (${habit}), --mean, --std and --fit change it`,
    }),
    trained: true,
    weights: checkedOnce(() => source, of, note),
  };
}
