import { Fault } from '#lib/base/errors.ts';
import { LANGS, type Lang, type Text } from '#lib/base/lang.ts';
import { PREDICTIONS } from '#lib/diffusion/math/convert.ts';
import { PROCESSES } from '#lib/diffusion/math/process.ts';
import { SCHEDULES } from '#lib/diffusion/math/schedules.ts';
import type { DiffusionSpec } from '#lib/diffusion/math/spec.ts';
import { TIME_CONVENTIONS } from '#lib/diffusion/math/timesteps.ts';
import type { PreprocessSpec } from '#lib/images/preprocess.ts';
import {
  classesOf,
  ConfigError,
  familyIds,
  familyOf,
  inputWith,
  pictureOf,
  type Blueprint,
} from './registry.ts';
import type { DenoiserConfig } from './shared/denoising.ts';

export type { DiffusionSpec };

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

/** Another model that a model needs: its folder, beside this one's, and the SHA-256 of the weights it was trained with. */
export interface NeededModel {
  readonly model: string;
  readonly sha256: string;
}

/** A model folder's config.json, schema `patchwork-model/1`. */
export interface ModelConfig<C extends object = object> extends Blueprint<C> {
  readonly schema: 'patchwork-model/1';
  readonly name: string;
  /** The configuration that the weights are stored for. */
  readonly config: C;
  /** Patch sizes the weights were trained for, ascending; empty means the stored one alone. */
  readonly patchSizes: readonly number[];
  readonly patchResize: 'pi-bilinear';
  /** Sides of the picture the weights were trained at, pixels, ascending; empty means the stored one alone. */
  readonly imageSizes?: readonly number[];
  readonly preprocessing: PreprocessSpec;
  /** In the order of the classes; empty where the model has none. "No class" of a diffusion model isn't among them. */
  readonly labels: readonly ModelLabel[];
  readonly files: Readonly<Record<string, ModelFile>>;
  /** Of a denoiser: how it was trained. */
  readonly diffusion?: DiffusionSpec;
  /** Of a denoiser of latents: the autoencoder whose latents, times its scaling factor, it paints; else whose codes. */
  readonly autoencoder?: NeededModel;
  /** Of a network that is told texts: the model whose features of their tokens it is fed. */
  readonly text?: NeededModel;
  /** Of a network that adds what codes leave over: the one that chooses them. */
  readonly generator?: NeededModel;
  /** Of a model that reads texts: the file beside it that makes tokens of them (src/lib/text). */
  readonly tokenizer?: ModelFile & { readonly file: string };
  /** The sentences that a name was put into in training, by kind and language; `{}` is the name. */
  readonly templates?: Readonly<Record<string, Readonly<Record<Lang, readonly string[]>>>>;
  /** A network without weights (see weightless.ts); never so in a file. */
  readonly weightless?: true;
  /** Of a model that was read from files of the reader's; never so in a file. */
  readonly own?: OwnFiles;
}

/** What is read of a `File`. */
export interface OwnFile {
  readonly name: string;
  readonly size: number;
  readonly lastModified: number;
  slice(begin: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** Where the weights of a reader's own model are read from. */
export interface OwnFiles {
  /** As they were chosen together; a file is read when it is needed. */
  readonly files: readonly OwnFile[];
  /** What stands before the names of the network that is meant. */
  readonly prefix: string;
  /** Of the weights, as they were when the model was opened. */
  readonly sha256: string;
}

/** A model that turns noise into pictures. */
export interface DiffusionModel<C extends DenoiserConfig = DenoiserConfig> extends ModelConfig<C> {
  readonly diffusion: DiffusionSpec;
}

export function isDiffusion(model: ModelConfig): model is DiffusionModel {
  return model.diffusion !== undefined;
}

/** Variants that a model was trained for beside the stored one: `{ patch: 8 }`, ascending. */
export function trainedVariants({
  patchSizes,
}: Pick<ModelConfig, 'patchSizes'>): Readonly<Record<string, number>>[] {
  return patchSizes.map((patch) => ({ patch }));
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
const folderName: Rule = (v) =>
  typeof v === 'string' && /^[\w-]+$/.test(v) ? undefined : 'must name a folder beside this one';
const text: Rule = (v) => (typeof v === 'string' && v !== '' ? undefined : 'must be a text');

/** A stored configuration, complete and buildable; none of its fields is left to a default. */
function checkConfig(id: string, value: unknown, file: string): object {
  const { defaults, check } = familyOf(id);
  const config = record(value, 'config', file);
  for (const field of Object.keys(defaults)) need(config, field, () => undefined, 'config.', file);
  try {
    check(config);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ModelConfigError(`config.${error.field}`, error.rule.replace(/\.$/, ''), file, error);
  }
  return config;
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
  need(top, 'architecture', oneOf(...familyIds()), '', file);
  const family = familyOf(top.architecture as string);
  const of: Blueprint = { architecture: family.id, config: checkConfig(family.id, top.config, file) };
  const resizable = family.variants?.fields.includes('patch') ?? false;
  if (resizable || 'patchResize' in top) need(top, 'patchResize', oneOf('pi-bilinear'), '', file);
  const patchSizes = resizable || 'patchSizes' in top ? list(top.patchSizes, 'patchSizes', file) : [];
  const picture = pictureOf(of);
  patchSizes.forEach((size, i) => {
    need({ [i]: size }, String(i), wholeNumber(1), 'patchSizes.', file);
    if (picture && (size as number) > Math.min(picture.height, picture.width))
      throw new ModelConfigError(`patchSizes.${i}`, 'is larger than the picture', file);
  });
  const imageSizes = 'imageSizes' in top ? list(top.imageSizes, 'imageSizes', file) : [];
  imageSizes.forEach((side, i) => checkImageSize(side, `imageSizes.${i}`, of, file));
  checkPreprocessing(top.preprocessing, of, file);
  // What reads texts has no list of classes: its labels are names that it was trained with.
  checkLabels(top.labels, inputWith(of, 'token') ? undefined : classesOf(of).count, file);
  for (const [name, entry] of Object.entries(record(top.files, 'files', file))) {
    checkFile(record(entry, `files.${name}`, file), `files.${name}.`, file);
  }
  if (inputWith(of, 'token') || 'tokenizer' in top) checkTokenizer(top.tokenizer, file);
  if ('templates' in top) checkTemplates(top.templates, file);
  if (family.denoises) checkDiffusion(top.diffusion, file);
  const { autoencoder, text: tower, generator } = top;
  for (const [key, value] of Object.entries({ autoencoder, text: tower, generator }))
    if (value !== undefined) checkNeeded(value, key, file);
  return { ...top, patchSizes, patchResize: 'pi-bilinear', imageSizes } as unknown as ModelConfig;
}

/** A side of the picture that the same weights run at. */
function checkImageSize(
  side: unknown,
  field: string,
  { architecture, config }: Blueprint,
  file: string,
): void {
  const { variants, check } = familyOf(architecture);
  if (!variants?.fields.includes('image'))
    throw new ModelConfigError(field, 'is of a network whose weights fit one size of picture', file);
  try {
    check({ ...config, image: side });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ModelConfigError(field, error.rule.replace(/\.$/, ''), file, error);
  }
}

const sha: Rule = (v) =>
  typeof v === 'string' && /^[0-9a-f]{64}$/.test(v) ? undefined : 'must be 64 lower-case hexadecimal digits';

function checkFile(entry: Record<string, unknown>, at: string, file: string): void {
  need(entry, 'bytes', wholeNumber(1), at, file);
  need(entry, 'sha256', sha, at, file);
}

function checkNeeded(value: unknown, at: string, file: string): void {
  const entry = record(value, at, file);
  need(entry, 'model', folderName, `${at}.`, file);
  need(entry, 'sha256', sha, `${at}.`, file);
}

function checkTokenizer(value: unknown, file: string): void {
  const entry = record(value, 'tokenizer', file);
  const name: Rule = (v) =>
    typeof v === 'string' && /^[\w-]+\.json$/.test(v) ? undefined : 'must name a JSON file of the folder';
  need(entry, 'file', name, 'tokenizer.', file);
  checkFile(entry, 'tokenizer.', file);
}

function checkTemplates(value: unknown, file: string): void {
  for (const [kind, entry] of Object.entries(record(value, 'templates', file))) {
    const at = `templates.${kind}`;
    const sentences = record(entry, at, file);
    for (const lang of LANGS) {
      const all = list(sentences[lang], `${at}.${lang}`, file);
      if (!all.every((sentence) => typeof sentence === 'string' && sentence.includes('{}')))
        throw new ModelConfigError(`${at}.${lang}`, 'must be sentences with {} for the name', file);
    }
  }
}

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

/** A side in pixels, or height and width. */
const sizeRule: Rule = (v) =>
  (Array.isArray(v) && v.length === 2 ? v : [v]).every((n) => wholeNumber(1)(n) === undefined)
    ? undefined
    : 'must be a whole number of at least 1, or a list of height and width';

function checkPreprocessing(value: unknown, of: Blueprint, file: string): void {
  const at = 'preprocessing.';
  const spec = record(value, 'preprocessing', file);
  need(spec, 'size', sizeRule, at, file);
  need(spec, 'fit', oneOf('crop', 'squash'), at, file);
  need(spec, 'interpolation', oneOf('bilinear'), at, file);
  if (spec.antialias !== true) throw new ModelConfigError(`${at}antialias`, 'must be true', file);
  const { channels = 3, height, width } = pictureOf(of) ?? {};
  for (const key of ['mean', 'std']) {
    const values = list(spec[key], `${at}${key}`, file);
    const colours = channels === 1 ? 1 : 3;
    const fits =
      values.length === colours && values.every((v) => typeof v === 'number' && (key === 'mean' || v > 0));
    if (!fits) {
      const rule = colours === 1 ? 'must be one number' : 'must be three numbers, one a colour';
      throw new ModelConfigError(`${at}${key}`, rule, file);
    }
  }
  const sides = Array.isArray(spec.size) ? spec.size : [spec.size, spec.size];
  if (height !== undefined && (sides[0] !== height || sides[1] !== width)) {
    const own = height === width ? height : `[${height}, ${width}]`;
    const said = Array.isArray(spec.size) ? `[${spec.size.join(', ')}]` : String(spec.size);
    throw new ModelConfigError(`${at}size`, `is ${said}, the model's picture ${own}`, file);
  }
}

/** @param classes how many there must be, if any; undefined: any number */
function checkLabels(value: unknown, classes: number | undefined, file: string): void {
  const labels = list(value, 'labels', file);
  const ids = new Set<unknown>();
  labels.forEach((entry, i) => {
    const label = record(entry, `labels.${i}`, file);
    for (const key of ['id', 'en', 'zh']) need(label, key, text, `labels.${i}.`, file);
    if (ids.has(label.id))
      throw new ModelConfigError(`labels.${i}.id`, `is "${String(label.id)}" a second time`, file);
    ids.add(label.id);
  });
  if (labels.length > 0 && classes !== undefined && labels.length !== classes) {
    throw new ModelConfigError('labels', `names ${labels.length} classes, the model has ${classes}`, file);
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
