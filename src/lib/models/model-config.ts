import {
  ARCHITECTURE_IDS,
  architectureOf,
  ConfigError,
  type ArchitectureId,
  type BaseConfig,
} from './registry.ts';
import type { DitConfig } from './dit/config.ts';
import type { MaeConfig } from './mae/config.ts';
import type { UVitConfig } from './uvit/config.ts';
import type { VitConfig } from './vit/config.ts';
import { PREDICTIONS, type Prediction } from '#lib/diffusion/math/convert.ts';
import { PROCESSES, type ProcessName } from '#lib/diffusion/math/process.ts';
import { SCHEDULES } from '#lib/diffusion/math/schedules.ts';
import { TIME_CONVENTIONS, type TimeConvention } from '#lib/diffusion/math/timesteps.ts';
import { Fault } from '#lib/base/errors.ts';
import type { PreprocessSpec } from '#lib/images/preprocess.ts';
import type { Text } from '#lib/base/lang.ts';

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

/** What the config.json of every model folder has, schema `patchwork-model/1`. */
interface ModelBase {
  readonly schema: 'patchwork-model/1';
  readonly name: string;
  /** Patch sizes the weights were trained for, ascending; empty means the stored one alone. */
  readonly patchSizes: readonly number[];
  readonly patchResize: 'pi-bilinear';
  readonly preprocessing: PreprocessSpec;
  /** In the order of the classes; empty where the model has none. "No class" of a diffusion model isn't among them. */
  readonly labels: readonly ModelLabel[];
  readonly files: Readonly<Record<string, ModelFile>>;
}

/** How a diffusion model was trained; names as in src/lib/diffusion. */
export interface DiffusionSpec {
  readonly process: ProcessName;
  /** T of the discrete processes; the continuous ones have none. */
  readonly steps?: number;
  readonly prediction: Prediction;
  /** What the network is fed as its time. */
  readonly time: TimeConvention;
}

/** `config.patch` is the patch size the weights are stored for. */
export interface VitModel extends ModelBase {
  readonly architecture: 'vit';
  readonly config: VitConfig;
}
export interface UVitModel extends ModelBase {
  readonly architecture: 'uvit';
  readonly config: UVitConfig;
  readonly diffusion: DiffusionSpec;
}
export interface DitModel extends ModelBase {
  readonly architecture: 'dit';
  readonly config: DitConfig;
  readonly diffusion: DiffusionSpec;
}
export interface MaeModel extends ModelBase {
  readonly architecture: 'mae';
  readonly config: MaeConfig;
}

/** A model that turns noise into pictures. */
export type DiffusionModel = UVitModel | DitModel;
/** A model folder's config.json. */
export type ModelConfig = VitModel | DiffusionModel | MaeModel;

export function isDiffusion(model: ModelConfig): model is DiffusionModel {
  return 'diffusion' in model;
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

/** A stored configuration, complete and buildable; none of its fields is left to a default. */
function checkConfig(id: ArchitectureId, value: unknown, file: string): BaseConfig {
  const { defaults, check } = architectureOf(id);
  const config = record(value, 'config', file);
  for (const field of Object.keys(defaults)) need(config, field, () => undefined, 'config.', file);
  try {
    check(config as unknown as BaseConfig);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ModelConfigError(`config.${error.field}`, error.rule.replace(/\.$/, ''), file, error);
  }
  return config as unknown as BaseConfig;
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
  need(top, 'architecture', oneOf(...ARCHITECTURE_IDS), '', file);
  const architecture = top.architecture as ArchitectureId;
  const config = checkConfig(architecture, top.config, file);
  const resizable = architecture === 'vit';
  if (resizable || 'patchResize' in top) need(top, 'patchResize', oneOf('pi-bilinear'), '', file);
  const patchSizes = resizable || 'patchSizes' in top ? list(top.patchSizes, 'patchSizes', file) : [];
  patchSizes.forEach((size, i) => {
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
  if (DIFFUSES.includes(architecture)) checkDiffusion(top.diffusion, file);
  return { ...top, patchSizes, patchResize: 'pi-bilinear' } as unknown as ModelConfig;
}

const sha: Rule = (v) =>
  typeof v === 'string' && /^[0-9a-f]{64}$/.test(v) ? undefined : 'must be 64 lower-case hexadecimal digits';

/** Architectures whose config.json has a section `diffusion`. */
const DIFFUSES: readonly ArchitectureId[] = ['uvit', 'dit'];

function checkDiffusion(value: unknown, file: string): void {
  const at = 'diffusion.';
  const spec = record(value, 'diffusion', file);
  need(spec, 'process', oneOf(...PROCESSES), at, file);
  need(spec, 'prediction', oneOf(...PREDICTIONS), at, file);
  need(spec, 'time', oneOf(...TIME_CONVENTIONS), at, file);
  const discrete = (SCHEDULES as readonly unknown[]).includes(spec.process);
  if (discrete) return need(spec, 'steps', wholeNumber(1), at, file);
  if (spec.time === 'index' || spec.time === 'count') {
    const rule = `is "${spec.time}", which needs one of the processes ${SCHEDULES.join(', ')}`;
    throw new ModelConfigError(`${at}time`, rule, file);
  }
}

function checkPreprocessing(value: unknown, config: BaseConfig, file: string): void {
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

function checkLabels(value: unknown, config: BaseConfig, file: string): void {
  const labels = list(value, 'labels', file);
  const ids = new Set<unknown>();
  labels.forEach((entry, i) => {
    const label = record(entry, `labels.${i}`, file);
    for (const key of ['id', 'en', 'zh']) need(label, key, text, `labels.${i}.`, file);
    if (ids.has(label.id))
      throw new ModelConfigError(`labels.${i}.id`, `is "${String(label.id)}" a second time`, file);
    ids.add(label.id);
  });
  if (labels.length > 0 && labels.length !== (config.classes ?? 0)) {
    throw new ModelConfigError(
      'labels',
      `names ${labels.length} classes, the model has ${config.classes ?? 0}`,
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
