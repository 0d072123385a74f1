import { ConfigError } from '#lib/base/config-error.ts';
import { configErrorText } from '#lib/base/config-errors.ts';
import { Fault, type FaultRecord } from '#lib/base/errors.ts';
import { checkWeights } from '#lib/models/check.ts';
import { parseModelConfig, type ModelConfig, type ModelLabel } from '#lib/models/model-config.ts';
import { chooseNetwork } from '#lib/models/networks.ts';
import { familyOf, recognise, type Family } from '#lib/models/registry.ts';
import { Misfit } from '#lib/models/shared/bind.ts';
import { UnreadFields } from '#lib/models/shared/infer.ts';
import type { WeightSource } from '#lib/weights/source.ts';
import { isForeign, openBare } from './bare.ts';
import { conventionsOf } from './conventions.ts';
import type { Choices, Examined, Recognised, TensorFact } from './examined.ts';
import type { OpenedFiles } from './open.ts';
import { inBoth } from './rules.ts';
import { pictureSize, usualPreprocessing } from './preparation.ts';

/** Files as `openFiles` gives them; of the digest and the sizes only what is said of them is needed. */
export type Given = Pick<OpenedFiles, 'weights' | 'kind' | 'sha256' | 'bytes' | 'config' | 'preprocessor'>;

/**
 * What opened files are: recognised, held against their network by the command line's own check, and everything that
 * was assumed, is left out or does not fit. What cannot be run is said in `fault`; nothing is thrown for it.
 */
export function examine(given: Given, choices: Choices): Examined {
  const { weights, kind, sha256, bytes } = given;
  const file = weights.file;
  const empty = { file, kind, sha256, bytes, unread: [], leftOut: [], notFinite: [] };
  try {
    const { source, prefix, others } = chooseNetwork(weights, choices.prefix);
    const network = { ...empty, prefix, others, tensors: factsOf(source) };
    return { ...network, ...check(source, given, choices) };
  } catch (error) {
    return { ...empty, prefix: '', others: [], tensors: factsOf(weights), fault: record(error, file) };
  }
}

type Checked = Partial<
  Pick<Examined, 'recognised' | 'family' | 'unread' | 'fault' | 'differences' | 'leftOut' | 'notFinite'>
>;

function check(source: WeightSource, given: Given, choices: Choices): Checked {
  const { file } = given.weights;
  let recognised: Recognised | undefined;
  try {
    recognised = describedBy(given, choices) ?? bareOf(source, given, choices);
    const { leftOut, notFinite } = checkWeights(source, recognised.of);
    return { recognised, family: recognised.of.architecture, leftOut, notFinite };
  } catch (error) {
    const family = recognised?.of.architecture ?? familyIn(source);
    return {
      fault: record(error, file),
      ...(recognised && { recognised }),
      ...(family !== undefined && { family }),
      ...(error instanceof UnreadFields && { unread: error.fields }),
      ...(error instanceof Misfit && { differences: error.differences }),
    };
  }
}

/** What a config.json of this notebook says, which leaves nothing to be assumed; undefined without one. */
function describedBy({ config }: Given, { set }: Choices): Recognised | undefined {
  if (config === undefined || isForeign(config) || !isJson(config)) return undefined;
  const model: ModelConfig = parseModelConfig(config, 'config.json');
  const family = familyOf(model.architecture);
  const changed = { ...model.config, ...fitting(family, set) };
  family.check(changed);
  const of = { architecture: family.id, config: changed };
  const size = pictureSize(of) ?? model.preprocessing.size;
  return {
    of,
    assumed: [],
    told: [],
    taken: [],
    preprocessing: { ...model.preprocessing, size },
    prepared: true,
    habit: '',
    labels: model.labels,
    patchSizes: model.patchSizes,
    imageSizes: model.imageSizes ?? [],
    ...(model.diffusion && { diffusion: model.diffusion }),
  };
}

function bareOf(source: WeightSource, given: Given, choices: Choices): Recognised {
  const { config, preprocessor } = given;
  const foreign = config !== undefined && isForeign(config) ? config : undefined;
  const set = (family: Family) => fitting(family, choices.set);
  const bare = openBare(source, { config: foreign, preprocessor, set });
  return {
    of: bare.of,
    assumed: bare.assumed,
    told: bare.told,
    taken: conventionsOf(bare.of, source.names()),
    preprocessing: usualPreprocessing(bare.of, bare.preprocessing),
    prepared: bare.prepared,
    habit: bare.preprocessing?.why ?? 'pixels from −1 to 1',
    labels: bare.labels.map(labelOf),
    patchSizes: [],
    imageSizes: [],
  };
}

const labelOf = (name: string, i: number): ModelLabel => ({ id: `${i}`, en: name, zh: name });

/** Of what is set, the fields that a family has, with values of their kind; what they mean is for its `check`. */
function fitting(family: Family, set: Choices['set']): Readonly<Record<string, unknown>> {
  const examples: Readonly<Record<string, unknown>> = { ...family.defaults, ...family.optional };
  const fits = ([field, value]: [string, unknown]) =>
    Object.hasOwn(examples, field) && typeof value === typeof examples[field];
  return Object.fromEntries(Object.entries(set).filter(fits));
}

/** The family that a file's names are of, though its configuration is not known. */
function familyIn(source: WeightSource): string | undefined {
  try {
    return recognise(source).id;
  } catch {
    return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function factsOf(source: WeightSource): TensorFact[] {
  return source.names().map((name) => {
    try {
      const entry = source.get(name);
      return { name, dtype: entry?.dtype ?? '', shape: entry?.shape ?? [] };
    } catch {
      // Its element type cannot be read; the check says so where the network needs it.
      return { name, dtype: '', shape: [] };
    }
  });
}

/** Any error as what a page can say of it. @throws what is a mistake of the program's own */
export function record(given: unknown, file: string): FaultRecord {
  const error = inBoth(given);
  if (error instanceof ConfigError) {
    const { field } = error;
    const [rule, ruleZh] = [error.rule, configErrorText(error).zh].map((said) => said.replace(/[.。]$/, ''));
    const details = { file, field, rule: rule ?? '', ruleZh: ruleZh ?? '' };
    return { code: 'weights-invalid', details, message: `${file}: ${field}: ${rule}` };
  }
  if (!(error instanceof Fault)) throw error;
  return { code: error.code, details: { file, ...error.details }, message: error.message };
}
