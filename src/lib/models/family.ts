import type { Text } from '#lib/base/lang.ts';
import type { DiffusionSpec } from '#lib/diffusion/math/spec.ts';
import type { WireTensor } from '#lib/base/tensor.ts';
import type { Graph } from '#lib/graph/index.ts';
import type { WeightSource } from '#lib/weights/source.ts';
import type { NameMap } from './shared/naming.ts';

export interface BuildOptions {
  /** Pictures at once; 1 by default. */
  readonly batch?: number;
  /** Adds the inputs with the role `intervention`; off by default. */
  readonly interventions?: boolean;
}

/**
 * What may change of a network while its weights stay, by field of the configuration: `{ patch: 8 }`. Fields that are
 * not named keep their stored value.
 */
export interface Variant {
  readonly [field: string]: number | readonly number[] | undefined;
  /** The two that pages ask for by name: sides of a patch and of the picture, pixels. */
  readonly patch?: number;
  readonly image?: number;
}

/** Values of the graph's inputs, flat, row-major, by name. */
export type InputValues = Readonly<Record<string, Float32Array>>;

/**
 * What an input stands for. `picture`: pixels to be looked at. `frames`: pictures one after another, `[1, F, C, H, W]`. `state`: a picture with noise, on its way through a
 * diffusion process. `time` and `class`: what a denoiser is told. `embedding`: rows that another network made.
 * `token`: texts, each a row of indices of a vocabulary. `visible` and `restore`: which patches are seen, and where each patch lies among
 * seen and masked ones. `intervention`: changes a running network, and has a value that changes nothing.
 */
export type InputRole =
  | 'picture'
  | 'frames'
  | 'state'
  | 'time'
  | 'class'
  | 'embedding'
  | 'token'
  | 'visible'
  | 'restore'
  | 'intervention';

/** One input of a network. Every input is float32; indices are whole floats that the graph casts. */
export interface InputSpec {
  readonly name: string;
  readonly role: InputRole;
  /** Sizes for one picture, batch first where the first of `dims` is `B`: `[1, 3, 224, 224]`, `[12, 3]`, `[]`. */
  readonly shape: readonly number[];
  readonly dims: readonly string[];
  /** Of an intervention: the values that leave the network as it is, flat. */
  readonly neutral?: Float32Array;
  /** How a reader changes it. An input without one follows from others. */
  readonly control?: Control;
  /**
   * Of tokens: the field of the configuration that says how many texts there are, which a variant may change; the size
   * of the vocabulary; and the id that ends a text.
   */
  readonly texts?: { readonly field: string; readonly vocabulary: number; readonly end: number };
  /** Of a class: how many there are, and the index that means none of them where there is one. */
  readonly classes?: { readonly count: number; readonly none?: number };
}

/** What a page shows to change an input. */
export type Control =
  /** A switch for each cell of `[blocks, heads]`: 1, or 0 when it is cut. */
  | { readonly kind: 'heads'; readonly title: Text }
  /** A switch for each of `[n]`: 1, or 0. `each` names one. */
  | { readonly kind: 'gates'; readonly title: Text; readonly each: (index: number) => Text }
  /** One switch for all values: 1, or 0. */
  | { readonly kind: 'switch'; readonly title: Text }
  /** A slider for a scalar. */
  | {
      readonly kind: 'slider';
      readonly title: Text;
      readonly min: number;
      readonly max: number;
      readonly step: number;
    }
  /** Patches of a grid, as many as `count`, chosen one by one or drawn by a seed. */
  | {
      readonly kind: 'patches';
      readonly grid: readonly [rows: number, columns: number];
      readonly count: number;
    };

/** What a reader gives a network. A family takes of it what its inputs need. */
export interface Given {
  /** The preprocessed picture, in the shape of the input with the role `picture` or `state`, or of one of its `frames`. */
  readonly picture?: Float32Array | undefined;
  /** Of a network that is fed frames: pixels by which the picture moves to the right from each to the next; 0 by default. */
  readonly pace?: number | undefined;
  /** In place of a picture: a state of a sampling run, and its time from 1 (noise) to 0. */
  readonly state?: { readonly x: Float32Array; readonly t: number } | undefined;
  /** Features of a text as another network made them, in the shape of the input with the role `embedding`. */
  readonly context?: Float32Array | undefined;
  /** Texts, a row of token ids each, as the model's tokenizer makes them. */
  readonly tokens?: readonly (readonly number[])[] | undefined;
  /** Time of the process in [0, 1] that a picture is brought to with noise. */
  readonly time: number;
  /** Index of a class; −1: none. */
  readonly class: number;
  /** Seed of noise and of what else is drawn. */
  readonly seed: number;
  /** Numbers of the patches that are seen; those of another count than the network takes are drawn by the seed. */
  readonly visible: readonly number[];
  /** How a denoiser was trained. */
  readonly diffusion?: DiffusionSpec | undefined;
}

/** How a network's answer is shown. Tensors are named. */
export type Answer =
  /** A probability for each class. */
  | { readonly kind: 'classes'; readonly logits: string; readonly probs: string }
  /** A probability for each of the texts that the network is fed through the input named. */
  | { readonly kind: 'texts'; readonly logits: string; readonly probs: string; readonly input: string }
  /** A picture, or what a denoiser says of one. */
  | { readonly kind: 'picture'; readonly tensor: string }
  /** A picture whose masked patches are painted; `visible` is the input that says which are seen. Sizes in pixels. */
  | {
      readonly kind: 'painting';
      readonly tensor: string;
      readonly visible: string;
      readonly image: number;
      readonly patch: number;
      readonly channels: number;
    }
  /** Objects: of each query a probability for each of the classes and, last, for “no object”; and a box. */
  | { readonly kind: 'detections'; readonly probs: string; readonly boxes: string; readonly classes: number }
  /** Features, to be compared or handed on. */
  | { readonly kind: 'features'; readonly tensor: string };

/** How an autoencoder's latents are read and decoded. Tensors and inputs are named. */
export interface Latents {
  /** The mean of a picture's latents, `[B, C, s, s]`. */
  readonly mean: string;
  /** The input that latents are fed to, in the scale of `mean`. */
  readonly input: string;
  /** What is decoded of them, `[B, 3, S, S]`. */
  readonly picture: string;
  /** The variant whose graph begins at that input and needs no picture. */
  readonly variant: Variant;
  /** Diffusion models work on latents times this number, one over their standard deviation. */
  readonly scale: number;
}

/** How pictures become codes of a codebook and codes pictures again. Tensors and inputs are named. */
export interface CodeBook {
  /** Entries K. */
  readonly count: number;
  /** Numbers of an entry, E, and the side g of the latents `[B, E, g, g]`. */
  readonly width: number;
  readonly grid: number;
  /** Sides of the grids of codes, one or several that grow. */
  readonly sides: readonly number[];
  /** From codes of all grids `[B, N]` to the latents they stand for: of each grid its share, one or several summands. */
  readonly read: { readonly input: string; readonly variant: Variant; readonly shares: readonly string[] };
  /** From latents to a picture. */
  readonly decode: { readonly input: string; readonly variant: Variant; readonly picture: string };
}

/** How a network chooses codes of another's codebook. Tensors and inputs are named. */
export interface CodeChooser {
  /** One after another, in rounds all places at once, or grid after grid (Esser et al. 2021; Chang et al. 2022; Tian et al. 2024). */
  readonly order: 'raster' | 'masked' | 'scales';
  /** Codes K, and sides of their grids. */
  readonly count: number;
  readonly sides: readonly number[];
  /** Tokens T of the whole network, those of text and style among them. */
  readonly tokens: number;
  /** The index that stands for a masked place, where there is one. */
  readonly mask?: number;
  /** What it is fed: codes `[B, ·]`, or of scales the sums of those before, `[B, N − 1, E]`. */
  readonly input: string;
  /** Of every place: what its logits `[B, N, K]` are read from, `[B, N, D]`, and they. */
  readonly hidden: string;
  readonly logits: string;
  /**
   * One code at a time with keys and values of those before it: the variant, its inputs beside `input` (`slot`: the token's
   * place in the sequence, `place`: its row of positions), the output that is `past` at the next step, the tensors of
   * the whole network that it begins with, and the first token that is a code.
   */
  readonly step?: {
    readonly variant: Variant;
    readonly slot: string;
    readonly place: string;
    readonly past: string;
    readonly cache: string;
    readonly begin: readonly string[];
    readonly first: number;
  };
}

/** How a network refines what codes leave over. Tensors and inputs are named; its input `x` `[B, g², E]` is denoised. */
export interface CodeRefiner {
  /** Side g of the latents, and numbers E of each place. */
  readonly grid: number;
  readonly width: number;
  /** Inputs: the chooser's hidden state of every place of the last grid, and its codes. */
  readonly hidden: string;
  readonly codes: string;
  readonly prediction: string;
  /** What is denoised is the rest times this number. */
  readonly scale: number;
}

/** One choice of a configuration that a reader may change, with what a slider or a select needs. */
export type Field<Name extends string = string> = {
  /** Key of the configuration. */
  readonly name: Name;
  readonly title: Text;
} & (
  | {
      readonly kind: 'number';
      /** Range of the slider, both ends possible; a configuration may lie outside. */
      readonly min: number;
      readonly max: number;
      readonly step: number;
    }
  | { readonly kind: 'choice'; readonly options: readonly { readonly value: string; readonly title: Text }[] }
  | { readonly kind: 'flag' }
  /** A list of whole numbers from 1 up. */
  | { readonly kind: 'numbers' }
);

/** What may be changed of a network with its weights: other patch sizes, resolutions, numbers of frames. */
export interface Variants<C extends object> {
  /** Fields of the configuration that may change. */
  readonly fields: readonly string[];
  /** Values of a field that a running network can be given, ascending, beside those it was trained for. */
  offered(config: C, field: string): readonly number[];
  /** Whether a variant uses the whole picture; one that leaves a remainder out is not run in a page. */
  covers?(config: C): boolean;
  /**
   * The network with these values: its configuration, and its weights resized where they must be.
   * @throws WeightsError for a value that cannot be, ConfigError as `check`
   */
  adapt(weights: WeightSource, config: C, variant: Variant): { config: C; weights: WeightSource };
}

/** What a network's first weights tell of an input, long before the rest of a long file is here. */
export interface FirstLayer<C extends object> {
  /** The tensors of the graph that are computed. */
  readonly tensors: readonly string[];
  /** What they need, also at another variant, under the names of the graph. Files that have these first profit. */
  weights(config: C): readonly string[];
  /** Undefined where the inputs are not those it needs. */
  compute(weights: WeightSource, config: C, inputs: InputValues): readonly WireTensor[] | undefined;
}

/** A field that was neither read nor set, with what was assumed for it and why. */
export interface Assumption {
  readonly field: string;
  readonly value: unknown;
  readonly why: string;
}

/** Mean and deviation of each channel that pictures are brought to, and whose habit that is. */
export interface Preprocessing {
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly why: string;
}

/** What the names and shapes in a weights file tell of the network they belong to. */
export interface Inferred<C extends object> {
  /** The whole configuration, what could not be read filled in. */
  readonly config: C;
  /** Everything that was neither read nor set: what a form shows and a reader may correct. */
  readonly assumed: readonly Assumption[];
  /** How pictures are likely prepared; by default as for the original ViT. */
  readonly preprocessing?: Preprocessing;
}

/**
 * How weights files of a family are read: what a folder exports from its `checkpoint.ts` as `CHECKPOINT`. It stands apart
 * from `Family`, so that a page whose weights a worker reads carries no names of other libraries.
 */
export interface Checkpoint<C extends object = object> {
  /**
   * Tensors of which every file has one, under any names it has been published with: where two are in a file, two
   * networks are.
   */
  readonly landmarks?: readonly string[];
  /**
   * How many tensors that tell this family from others are in a file, under any names it has been published with; 0
   * for a file that is none of its own. Of several families the one with most of them is meant.
   */
  recognise(source: WeightSource): number;
  /**
   * The configuration of a bare weights file; `set` has the caller's word over what the shapes tell.
   * @throws WeightsError for tensors that contradict each other, and naming the fields that must be set
   */
  infer(source: WeightSource, set: Readonly<Record<string, unknown>>): Inferred<C>;
  /**
   * The weights under the graph's names.
   * @throws WeightsError for the first tensor that is missing, has another shape, or has no place in the network
   */
  bind(source: WeightSource, config: C): WeightSource;
  /** Where the graph's tensors come from, and what of the file is needless, for a family that is published under several names. */
  names?(source: WeightSource): NameMap | undefined;
}

/**
 * One family of networks: what the runtime, the inspector and the command line need to know to treat all alike. A
 * folder `src/lib/models/<family>/` exports it from `family.ts` as `FAMILY`; nothing else lists it.
 * Methods, so that a concrete family stands where any is wanted; give each its own configuration only.
 */
export interface Family<C extends object = object> {
  /** The `architecture` of a config.json, and the folder's name. */
  readonly id: string;
  readonly title: Text;
  /** Where it stands in lists: those of a smaller number come first. */
  readonly order: number;
  /** Sizes by name (`name-b-16`): the published ones, and those of `unpublished`. */
  readonly presets: Readonly<Record<string, C>>;
  /** Names of the presets that stand in no paper: small enough for a browser. */
  readonly unpublished?: readonly string[];
  /** Titles of the presets' groups by the first word of their names; by default the family's own. */
  readonly groups?: Readonly<Record<string, string>>;
  /** A whole configuration, to be changed. */
  readonly defaults: C;
  /** Fields a configuration may have beyond those of `defaults`, each with an example of its type. */
  readonly optional?: Readonly<Partial<C>>;
  readonly fields: readonly Field[];
  /** Its config.json has a section `diffusion`: it turns noise into pictures. */
  readonly denoises?: boolean;
  /** The tensor `[S, T, D]` with what it makes of every token of its texts, for networks that paint from words. */
  readonly textFeatures?: string;
  /** Of an autoencoder: how its latents are read and decoded. */
  latents?(config: C): Latents;
  /** Of an autoencoder whose latents are codes: how they are read and decoded. */
  codeBook?(config: C): CodeBook;
  /** Of a network that chooses codes: in which order, and how it is asked. */
  codeChooser?(config: C): CodeChooser;
  /** Of a network that adds to codes what they leave over. */
  codeRefiner?(config: C): CodeRefiner;
  /** Throws ConfigError for a configuration that cannot be built, naming the field and the rule. */
  check(config: C): void;
  /** The network. Throws ConfigError as `check` does. Callers that share graphs use `graphOf` (registry.ts). */
  build(config: C, options?: BuildOptions): Graph;
  /** Every input the graph can have, interventions among them. */
  inputs(config: C): readonly InputSpec[];
  /** Absent: weights fit the stored configuration alone. */
  readonly variants?: Variants<C>;
  /** Absent: nothing is shown before all weights are here. */
  readonly first?: FirstLayer<C>;
  /** Values of the inputs that are no interventions; undefined while what they need is not given. */
  feed(config: C, given: Given): InputValues | undefined;
  answer(config: C): Answer;
  /** Names of the tensors that are the network's answer, the one to look at last. */
  answers(config: C): readonly string[];
}
