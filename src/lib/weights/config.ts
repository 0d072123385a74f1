import { ConfigError } from '../architectures/errors.ts';
import { VIT_DEFAULTS, vitConfig, type VitConfig } from '../architectures/vit-config.ts';
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
export class ModelConfigError extends Fault {
  constructor(field: string, rule: string, file = 'config.json', cause?: unknown) {
    super('config-invalid', { file, field, rule }, cause);
    this.name = 'ModelConfigError';
    this.message = field ? `${file}: "${field}" ${rule}` : `${file} ${rule}`;
  }
}

type Rule = (value: unknown) => string | undefined;
const wholeNumber =
  (least: number): Rule =>
  (v) =>
    Number.isInteger(v) && (v as number) >= least ? undefined : `must be a whole number of at least ${least}`;
const oneOf =
  (...choices: string[]): Rule =>
  (v) =>
    choices.some((c) => c === v) ? undefined : `must be one of ${choices.join(', ')}`;
const text: Rule = (v) => (typeof v === 'string' && v !== '' ? undefined : 'must be a text');

/** Fields that a written configuration must have; `vitConfig` would otherwise fill them with B/16's. */
const VIT_FIELDS = Object.keys(VIT_DEFAULTS);

/** A stored ViT configuration, complete and buildable. */
function vitConfigOf(value: unknown, file: string): VitConfig {
  const config = record(value, 'config', file);
  for (const field of VIT_FIELDS) need(config, field, () => undefined, 'config.', file);
  try {
    return vitConfig(config as unknown as VitConfig);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ModelConfigError(`config.${error.field}`, error.rule.replace(/\.$/, ''), file, error);
  }
}

/**
 * Checks a model's config.json.
 * @param json its text, or what `JSON.parse` made of it
 * @throws ModelConfigError (a Fault with code `config-invalid`) naming the field and the rule
 */
export function parseModelConfig(json: unknown, file = 'config.json'): ModelConfig {
  const top = record(typeof json === 'string' ? parse(json, file) : json, '', file);
  need(top, 'schema', oneOf('patchwork-model/1'), '', file);
  need(top, 'name', text, '', file);
  need(top, 'architecture', oneOf('vit'), '', file);
  const config = vitConfigOf(top.config, file);
  need(top, 'patchResize', oneOf('pi-bilinear'), '', file);
  list(top.patchSizes, 'patchSizes', file).forEach((size, i) => {
    need({ [i]: size }, String(i), wholeNumber(1), 'patchSizes.', file);
    if ((size as number) > config.image)
      throw new ModelConfigError(`patchSizes.${i}`, 'is larger than the picture', file);
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
  if (spec.antialias !== true) throw new ModelConfigError(`${at}antialias`, 'must be true', file);
  for (const key of ['mean', 'std']) {
    const values = list(spec[key], `${at}${key}`, file);
    const fits =
      values.length === 3 && values.every((v) => typeof v === 'number' && (key === 'mean' || v > 0));
    if (!fits) throw new ModelConfigError(`${at}${key}`, 'must be three numbers, one a colour', file);
  }
  if (spec.size !== config.image) {
    throw new ModelConfigError(
      `${at}size`,
      `is ${String(spec.size)}, the model's picture ${config.image}`,
      file,
    );
  }
}

function checkLabels(value: unknown, config: VitConfig, file: string): void {
  const labels = list(value, 'labels', file);
  const ids = new Set<unknown>();
  labels.forEach((entry, i) => {
    const label = record(entry, `labels.${i}`, file);
    for (const key of ['id', 'en', 'zh']) need(label, key, text, `labels.${i}.`, file);
    if (ids.has(label.id))
      throw new ModelConfigError(`labels.${i}.id`, `is "${String(label.id)}" a second time`, file);
    ids.add(label.id);
  });
  if (labels.length > 0 && labels.length !== config.classes) {
    throw new ModelConfigError(
      'labels',
      `names ${labels.length} classes, the model has ${config.classes}`,
      file,
    );
  }
}

function parse(json: string, file: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new ModelConfigError('', 'is not JSON', file, cause);
  }
}

function record(value: unknown, field: string, file?: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ModelConfigError(field, 'must be an object', file);
  }
  return value as Record<string, unknown>;
}

function list(value: unknown, field: string, file?: string): unknown[] {
  if (!Array.isArray(value)) throw new ModelConfigError(field, 'must be a list', file);
  return value;
}

function need(object: Record<string, unknown>, key: string, rule: Rule, prefix: string, file?: string): void {
  const broken = Object.hasOwn(object, key) ? rule(object[key]) : 'is missing';
  if (broken) throw new ModelConfigError(`${prefix}${key}`, broken, file);
}
