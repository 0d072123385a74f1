import type { VitConfig } from '../architectures/vit.ts';
import { Fault } from '../errors.ts';
import type { PreprocessSpec } from '../images/preprocess.ts';
import type { Text } from '../i18n/index.ts';

/** One class of a model: its id (the `class` of results), its names, and the group it is listed under. */
export interface ModelLabel extends Text {
  readonly id: string;
  readonly group?: string;
}

export interface ModelFile {
  readonly bytes: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** A model folder's config.json, schema `patchwork-model/1`. */
export interface ModelConfig {
  readonly schema: 'patchwork-model/1';
  readonly name: string;
  readonly architecture: 'vit';
  /** `config.patch` is the patch size the weights are stored for. */
  readonly config: VitConfig;
  /** Patch sizes the weights were trained for, ascending; empty means the stored one alone. */
  readonly patchSizes: readonly number[];
  readonly patchResize: 'pi-bilinear';
  readonly preprocessing: PreprocessSpec;
  /** In the order of the classes; empty where the model has no head. */
  readonly labels: readonly ModelLabel[];
  readonly files: Readonly<Record<string, ModelFile>>;
}

/** A configuration that breaks a rule; the message is one sentence naming the field. `details`: `field`, `rule`, `file`. */
export class ConfigError extends Fault {
  constructor(field: string, rule: string, file = 'config.json', cause?: unknown) {
    super('config-invalid', { file, field, rule }, cause);
    this.name = 'ConfigError';
    this.message = field ? `${file}: "${field}" ${rule}` : `${file} ${rule}`;
  }
}

type Rule = (value: unknown) => string | undefined;
const wholeNumber =
  (least: number): Rule =>
  (v) =>
    Number.isInteger(v) && (v as number) >= least ? undefined : `must be a whole number of at least ${least}`;
const positive: Rule = (v) =>
  typeof v === 'number' && v > 0 && v < Infinity ? undefined : 'must be a number above 0';
const yesNo: Rule = (v) => (typeof v === 'boolean' ? undefined : 'must be true or false');
const oneOf =
  (...choices: string[]): Rule =>
  (v) =>
    choices.some((c) => c === v) ? undefined : `must be one of ${choices.join(', ')}`;
const text: Rule = (v) => (typeof v === 'string' && v !== '' ? undefined : 'must be a text');

/** What each key of a ViT configuration must be. */
export const VIT_RULES: Readonly<Record<keyof VitConfig, Rule>> = {
  image: wholeNumber(1),
  channels: wholeNumber(1),
  patch: wholeNumber(1),
  dim: wholeNumber(1),
  depth: wholeNumber(0),
  heads: wholeNumber(1),
  mlpRatio: positive,
  classes: wholeNumber(0),
  qkvBias: yesNo,
  pool: oneOf('cls', 'gap'),
  normEps: positive,
  gelu: oneOf('erf', 'tanh'),
  positions: oneOf('learned', 'sincos2d', 'none'),
  clsPosition: yesNo,
  preNorm: yesNo,
  registers: wholeNumber(0),
  layerScale: yesNo,
};

/**
 * Checks a ViT configuration, field by field and the fields against each other.
 * @param prefix put before a field's name in errors, e.g. `config.`
 * @throws ConfigError
 */
export function checkVitConfig(value: unknown, prefix = '', file?: string): VitConfig {
  const config = record(value, prefix.replace(/\.$/, ''), file);
  for (const [key, rule] of Object.entries(VIT_RULES)) need(config, key, rule, prefix, file);
  const c = config as unknown as VitConfig;
  if (c.dim % c.heads !== 0) {
    throw new ConfigError(`${prefix}heads`, `is ${c.heads}, which does not divide dim ${c.dim}`, file);
  }
  if (c.patch > c.image) {
    throw new ConfigError(`${prefix}patch`, `is ${c.patch}, larger than the picture of ${c.image}`, file);
  }
  return c;
}

/**
 * Checks a model's config.json.
 * @param json its text, or what `JSON.parse` made of it
 * @throws ConfigError (a Fault with code `config-invalid`) naming the field and the rule
 */
export function parseModelConfig(json: unknown, file = 'config.json'): ModelConfig {
  const top = record(typeof json === 'string' ? parse(json, file) : json, '', file);
  need(top, 'schema', oneOf('patchwork-model/1'), '', file);
  need(top, 'name', text, '', file);
  need(top, 'architecture', oneOf('vit'), '', file);
  const config = checkVitConfig(top.config, 'config.', file);
  need(top, 'patchResize', oneOf('pi-bilinear'), '', file);
  list(top.patchSizes, 'patchSizes', file).forEach((size, i) => {
    need({ [i]: size }, String(i), wholeNumber(1), 'patchSizes.', file);
    if ((size as number) > config.image)
      throw new ConfigError(`patchSizes.${i}`, 'is larger than the picture', file);
  });
  checkPreprocessing(top.preprocessing, config, file);
  checkLabels(top.labels, config, file);
  for (const [name, entry] of Object.entries(record(top.files, 'files', file))) {
    const of = record(entry, `files.${name}`, file);
    need(of, 'bytes', wholeNumber(1), `files.${name}.`, file);
    need(of, 'sha256', sha, `files.${name}.`, file);
  }
  return top as unknown as ModelConfig;
}

const sha: Rule = (v) =>
  typeof v === 'string' && /^[0-9a-f]{64}$/.test(v) ? undefined : 'must be 64 lower-case hexadecimal digits';

function checkPreprocessing(value: unknown, config: VitConfig, file: string): void {
  const at = 'preprocessing.';
  const spec = record(value, 'preprocessing', file);
  need(spec, 'size', wholeNumber(1), at, file);
  need(spec, 'fit', oneOf('crop', 'squash'), at, file);
  need(spec, 'interpolation', oneOf('bilinear'), at, file);
  if (spec.antialias !== true) throw new ConfigError(`${at}antialias`, 'must be true', file);
  for (const key of ['mean', 'std']) {
    const values = list(spec[key], `${at}${key}`, file);
    const fits =
      values.length === 3 && values.every((v) => typeof v === 'number' && (key === 'mean' || v > 0));
    if (!fits) throw new ConfigError(`${at}${key}`, 'must be three numbers, one a colour', file);
  }
  if (spec.size !== config.image) {
    throw new ConfigError(`${at}size`, `is ${String(spec.size)}, the model's picture ${config.image}`, file);
  }
}

function checkLabels(value: unknown, config: VitConfig, file: string): void {
  const labels = list(value, 'labels', file);
  const ids = new Set<unknown>();
  labels.forEach((entry, i) => {
    const label = record(entry, `labels.${i}`, file);
    for (const key of ['id', 'en', 'zh']) need(label, key, text, `labels.${i}.`, file);
    if (ids.has(label.id))
      throw new ConfigError(`labels.${i}.id`, `is "${String(label.id)}" a second time`, file);
    ids.add(label.id);
  });
  if (labels.length > 0 && labels.length !== config.classes) {
    throw new ConfigError('labels', `names ${labels.length} classes, the model has ${config.classes}`, file);
  }
}

function parse(json: string, file: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new ConfigError('', 'is not JSON', file, cause);
  }
}

function record(value: unknown, field: string, file?: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(field, 'must be an object', file);
  }
  return value as Record<string, unknown>;
}

function list(value: unknown, field: string, file?: string): unknown[] {
  if (!Array.isArray(value)) throw new ConfigError(field, 'must be a list', file);
  return value;
}

function need(object: Record<string, unknown>, key: string, rule: Rule, prefix: string, file?: string): void {
  const broken = Object.hasOwn(object, key) ? rule(object[key]) : 'is missing';
  if (broken) throw new ConfigError(`${prefix}${key}`, broken, file);
}
