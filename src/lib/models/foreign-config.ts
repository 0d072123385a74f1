import type { Preprocessing } from './family.ts';

/*
 * What the descriptions of other libraries tell of a network: the `config.json` and `preprocessor_config.json` of
 * Hugging Face's transformers and diffusers, and timm's `config.json`. Nothing of them is trusted further than a value of the right
 * kind; the rules of the configuration hold all the same.
 */

export interface ForeignConfig {
  /** Fields of a configuration here, by name; a family takes those it has. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Names of the classes in their order; empty where they are not told. */
  readonly labels: readonly string[];
  readonly preprocessing?: Preprocessing;
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (x: unknown): x is Json => typeof x === 'object' && x !== null && !Array.isArray(x);
const whole = (x: unknown): x is number => Number.isInteger(x) && (x as number) >= 1;

/** Activations of transformers by name (its `ACT2FN`), and of diffusers, as this library calls them. */
const GELU: Readonly<Record<string, string>> = {
  gelu: 'erf',
  gelu_new: 'tanh',
  gelu_fast: 'tanh',
  gelu_pytorch_tanh: 'tanh',
  quick_gelu: 'sigmoid',
  'gelu-approximate': 'tanh',
};

/**
 * @param texts of `config.json` and of `preprocessor_config.json`, where they are there
 * @returns what they tell; nothing for what is no JSON of such a form
 */
export function foreignConfig(config: string | undefined, preprocessor?: string): ForeignConfig {
  const top = objectIn(config);
  const timm = isObject(top.pretrained_cfg) ? top.pretrained_cfg : {};
  // Of a network of pictures and texts, each tower has a description of its own.
  const seen = isObject(top.vision_config) ? top.vision_config : top;
  const read = isObject(top.text_config) ? top.text_config : {};
  const [height, width] = sizeOf(
    seen.image_size ??
      seen.sample_size ??
      (Array.isArray(timm.input_size) ? timm.input_size.slice(1) : undefined),
  );
  const named = seen.hidden_act ?? seen.activation_fn;
  const act = typeof named === 'string' && Object.hasOwn(GELU, named) ? GELU[named] : undefined;
  const pool = top.global_pool === 'avg' ? 'gap' : top.global_pool === 'token' ? 'cls' : undefined;
  const [eps, factor] = [seen.layer_norm_eps, seen.scaling_factor];
  const told: Json = {
    heads: [seen.num_attention_heads, seen.encoder_attention_heads].find(whole),
    textHeads: whole(read.num_attention_heads) ? read.num_attention_heads : undefined,
    normEps: typeof eps === 'number' && eps >= 0 && eps < 1 ? eps : undefined,
    gelu: act,
    pool,
    image: height,
    imageWidth: width !== height ? width : undefined,
    groups: whole(seen.norm_num_groups) ? seen.norm_num_groups : undefined,
    scalingFactor: typeof factor === 'number' && factor > 0 ? factor : undefined,
  };
  const preprocessing = preparedIn(objectIn(preprocessor)) ?? preparedIn(timm);
  return {
    set: Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)),
    labels: labelsIn(top.id2label ?? top.label_names ?? timm.label_names),
    ...(preprocessing && { preprocessing }),
  };
}

function objectIn(text: string | undefined): Json {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** Height and width of `224`, `[224, 224]` or `{height, width}`. */
function sizeOf(size: unknown): readonly [number?, number?] {
  const [height, width] = Array.isArray(size)
    ? (size as unknown[])
    : isObject(size)
      ? [size.height, size.width]
      : [size, size];
  return whole(height) && whole(width) ? [height, width] : [];
}

function labelsIn(labels: unknown): string[] {
  const list = Array.isArray(labels) ? (labels as unknown[]) : isObject(labels) ? inOrder(labels) : [];
  const named =
    list.every((label) => typeof label === 'string') && !list.every((label) => STANDS_IN.test(label));
  return named ? (list as string[]) : [];
}

/** What transformers writes where nobody has named a class. */
const STANDS_IN = /^LABEL_\d+$/;

/** Values of `{"0": …, "1": …}`; none where a number is missing. */
function inOrder(labels: Json): unknown[] {
  const count = Object.keys(labels).length;
  return Array.from({ length: count }, (_, i) => labels[String(i)]);
}

function preparedIn(from: Json): Preprocessing | undefined {
  const three = (x: unknown): x is number[] =>
    Array.isArray(x) && x.length === 3 && x.every((v) => typeof v === 'number' && Number.isFinite(v));
  const [mean, std] = [from.image_mean ?? from.mean, from.image_std ?? from.std];
  if (!three(mean) || !three(std) || !std.every((v) => v > 0)) return undefined;
  return { mean, std, why: 'as the file beside it says' };
}
