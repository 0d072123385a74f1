import {
  recognise,
  type Assumption,
  type Blueprint,
  type Family,
  type Inferred,
} from '#lib/models/registry.ts';
import { checkpointOf } from '#lib/models/checkpoints.ts';
import { foreignConfig } from '#lib/models/foreign-config.ts';
import { ConfigError } from '#lib/base/config-error.ts';
import { WeightsError, type WeightSource } from '#lib/weights/source.ts';

/** A weights file without a description of ours, and what its names, its shapes and files beside it tell. */
export interface Bare {
  readonly of: Blueprint;
  /** Everything that was neither read nor told nor set. */
  readonly assumed: readonly Assumption[];
  /** Fields that the `config.json` beside it told. */
  readonly told: readonly string[];
  /** Names of the classes, where a description beside the file tells them. */
  readonly labels: readonly string[];
  readonly preprocessing?: Inferred<object>['preprocessing'];
  /** Whether that was read rather than assumed. */
  readonly prepared: boolean;
}

/** What is known beside the file itself. */
export interface Beside {
  /** Texts of another library's `config.json` and `preprocessor_config.json`. */
  readonly config?: string | undefined;
  readonly preprocessor?: string | undefined;
  /** The caller's word over everything else, once the family is known. */
  readonly set: (family: Family) => Readonly<Record<string, unknown>>;
  /** Height and width of the picture that it is to be fed. */
  readonly picture?: (() => readonly [number, number] | undefined) | undefined;
}

/**
 * What a weights file is: its family by the names, its configuration by the shapes, then what is told and set.
 * @param source one network alone (`chooseNetwork`)
 * @throws WeightsError, UnreadFields for what must be set, ConfigError for what cannot be built
 */
export function openBare(source: WeightSource, beside: Beside): Bare {
  const family = recognise(source);
  const { set: foreign, labels, preprocessing } = foreignConfig(beside.config, beside.preprocessor);
  const fields = { ...family.defaults, ...family.optional };
  const told = Object.fromEntries(Object.entries(foreign).filter(([field]) => field in fields));
  const own = beside.set(family);
  const set = { ...told, ...own };
  const infer = (known: Readonly<Record<string, unknown>>) => {
    const found = checkpointOf(family.id).infer(source, known);
    family.check(found.config);
    return found;
  };
  const found = atPicture(infer, set, beside.picture, family.optional ?? {}) ?? infer(set);
  const { classes } = found.config as { readonly classes?: unknown };
  const likely = preprocessing ?? found.preprocessing;
  return {
    of: { architecture: family.id, config: found.config },
    assumed: found.assumed,
    told: Object.keys(told).filter((field) => !(field in own)),
    labels: labels.length === classes ? labels : [],
    prepared: preprocessing !== undefined,
    ...(likely && { preprocessing: likely }),
  };
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
  picture: Beside['picture'],
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
