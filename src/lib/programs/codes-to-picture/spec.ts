import { checkDrawing, type Drawing } from '#lib/analysis/choosing.ts';
import type { CodeBook, CodeChooser, CodeRefiner, InputValues } from '#lib/models/family.ts';
import type { ModelConfig } from '#lib/models/model-config.ts';
import { classesOf, familyOf, inputWith } from '#lib/models/registry.ts';

/** What picture is wanted, and how its codes are chosen. Plain data, so that it can cross to the worker. */
export interface CodesToPicture extends Drawing {
  /** The text's row of token ids, as the text model's tokenizer makes them; and the empty text's. */
  readonly words?: readonly number[];
  readonly empty?: readonly number[];
  /** Drawing style by index, or null for none. */
  readonly style: number | null;
  /** Pass p takes its noise from stream 2p of this seed, that of confidences from stream 2p + 1. */
  readonly seed: number;
  /** Guidance weight w: u + w (c − u) of the logits. Default 1: the network that is told text and style alone. */
  readonly guidance?: number;
  /** The weight grows from 1 in the first pass to `guidance` in the last. */
  readonly ramp?: boolean;
  /** Of `masked`: rounds R, at most as many as there are codes. Default 8. */
  readonly rounds?: number;
  /** Of `masked`: what was drawn with most confidence stays, or what chance says. Default `confidence`. */
  readonly choose?: 'confidence' | 'chance';
  /** Of `masked`: weight of the Gumbel noise on the confidences; it falls to 0. Default 4.5. */
  readonly choiceTemperature?: number;
  /**
   * Codes of all N places that stand there whatever the network says; null: chosen. Raster and scales begin after those at
   * the front: the codes of an earlier run up to a place with one of them changed are "edit and go on". Masked, the given
   * places are never masked.
   */
  readonly given?: readonly (number | null)[];
  /** Of `masked`: `given` is what stood after so many rounds, and the run goes on with the next. Default 0. */
  readonly after?: number;
  /**
   * All N places in the order they are filled. Raster: the network is told the place of each code; the last place must
   * come last, for it has no position. Masked: these places stay first, in place of the surest.
   */
  readonly order?: readonly number[];
  /** Scales (by index) that are left out of the sum: of what is decoded, and of what later scales are told. */
  readonly without?: readonly number[];
  /** Raster: keys and values of earlier tokens are kept. Default true; false computes all tokens anew for every code. */
  readonly cache?: boolean;
  /** Values of the generator's intervention inputs; those left out are neutral. Without the mask of attention there is no cache. */
  readonly interventions?: InputValues;
  /** Tensors of the generator to hand on with each step. */
  readonly outputs?: readonly string[];
  /** When a picture is decoded. Default `each`. */
  readonly decode?: 'each' | 'last' | 'none';
  /**
   * With the part `refiner`: sampler and steps by which it paints what the codes leave over, and the noise `[E, g, g]` it begins
   * with in place of the seed's. Default 8 steps of ddim.
   */
  readonly refine?: { readonly sampler: string; readonly steps: number; readonly x?: Float32Array };
}

/** The passes of a run. */
export interface CodeWay {
  /** Codes N of a picture. */
  readonly places: number;
  /** Passes of the generator in a run from nothing: N, R, or as many as scales. */
  readonly passes: number;
  /** The first pass that is made. */
  readonly first: number;
  /** Codes that are known before it, −1 where none is. */
  readonly codes: Int32Array;
  /** The n-th code stands at this place. */
  readonly order: readonly number[];
}

/** A spec that was found right, with everything that follows from it. */
export interface CodePlan extends CodeWay {
  readonly spec: CodesToPicture;
  readonly generator: ModelConfig;
  readonly chooser: CodeChooser;
  readonly decoder: ModelConfig;
  readonly book: CodeBook;
  readonly refiner: CodeRefiner | undefined;
  readonly guided: boolean;
  readonly weight: number;
  /** Class index for "no style". */
  readonly none: number;
}

const sum = (sides: readonly number[]) => sides.reduce((total, side) => total + side * side, 0);

/** @throws RangeError with one sentence for the first thing that cannot be */
export function planOf(models: Readonly<Record<string, ModelConfig>>, spec: CodesToPicture): CodePlan {
  const { generator, decoder, refiner: rest } = models;
  const chooser = generator && familyOf(generator.architecture).codeChooser?.(generator.config);
  const book = decoder && familyOf(decoder.architecture).codeBook?.(decoder.config);
  const refiner = rest && familyOf(rest.architecture).codeRefiner?.(rest.config);
  if (!generator || !decoder || !chooser || !book)
    throw new RangeError('A network that chooses codes is needed, and one that decodes them.');
  if (chooser.count !== book.count || String(chooser.sides) !== String(book.sides))
    throw new RangeError(
      `The generator chooses ${chooser.sides.join(', ')} of ${chooser.count} codes, the decoder has ${book.sides.join(', ')} of ${book.count}.`,
    );
  if (refiner && chooser.order === 'raster')
    throw new RangeError(
      'What codes leave over is painted where a whole grid is chosen at once; one code after another gives no such grid.',
    );
  checkDrawing(spec, chooser.count);
  const weight = spec.guidance ?? 1;
  if (!Number.isFinite(weight))
    throw new RangeError(`The guidance weight is ${weight}; it must be a finite number.`);
  const { count: styles, none = 0 } = classesOf(generator);
  const { style } = spec;
  if (style !== null && (!Number.isInteger(style) || style < 0 || style >= styles))
    throw new RangeError(
      `The style is ${style}; it must be a whole number from 0 to ${styles - 1}, or null for none.`,
    );
  if (inputWith(generator, 'embedding')?.name === 'context' && (!spec.words || !spec.empty || !models.text))
    throw new RangeError('The generator paints from words; give a text, the empty text and the text tower.');
  const way = wayOf(spec, chooser);
  const wrong = spec.without?.find((k) => !Number.isInteger(k) || k < 0 || k >= chooser.sides.length);
  if (wrong !== undefined)
    throw new RangeError(`There is no scale ${wrong}; they go from 0 to ${chooser.sides.length - 1}.`);
  const guided = weight !== 1;
  return {
    spec,
    generator,
    chooser,
    decoder,
    book,
    refiner,
    ...way,
    guided,
    weight,
    none,
  };
}

/**
 * The passes of a run: how many there would be from nothing, the first that is made, and what is known before it.
 * @throws RangeError with one sentence for the first thing that cannot be
 */
export function wayOf(spec: CodesToPicture, chooser: CodeChooser): CodeWay {
  const places = sum(chooser.sides);
  const rounds = spec.rounds ?? 8;
  if (chooser.order === 'masked' && (!Number.isInteger(rounds) || rounds < 1 || rounds > places))
    throw new RangeError(
      `There are ${rounds} rounds; it must be a whole number from 1 to the ${places} codes.`,
    );
  const order = orderOf(spec, chooser, places);
  const codes = givenCodes(spec, chooser, places);
  const passes =
    chooser.order === 'raster' ? places : chooser.order === 'masked' ? rounds : chooser.sides.length;
  const first = firstPass(spec, chooser, codes, order);
  if (!Number.isInteger(first) || first < 0 || first > passes)
    throw new RangeError(`The run has ${passes} passes and cannot go on after pass ${first}.`);
  return { places, passes, first, codes, order };
}

/** Steps of a run: its passes, at least one, and those of what refines its codes. */
export const stepsOf = ({ passes, first }: Pick<CodeWay, 'passes' | 'first'>, refining: number): number =>
  Math.max(1, passes - first) + refining;

function orderOf({ order }: CodesToPicture, chooser: CodeChooser, places: number): readonly number[] {
  const plain = Array.from({ length: places }, (_, i) => i);
  if (!order) return plain;
  if (chooser.order === 'scales')
    throw new RangeError('Scales have one order, from the smallest to the largest.');
  if (order.length !== places || new Set(order).size !== places || order.some((p) => !plain.includes(p)))
    throw new RangeError(`The order must hold each of the places 0 to ${places - 1} once.`);
  if (chooser.order === 'raster' && order[places - 1] !== places - 1)
    throw new RangeError(
      `Place ${places - 1} must come last: nothing is ever read off its code, so it has no position.`,
    );
  return order;
}

function givenCodes({ given }: CodesToPicture, chooser: CodeChooser, places: number): Int32Array {
  if (!given) return new Int32Array(places).fill(-1);
  if (given.length !== places)
    throw new RangeError(`${given.length} codes are given; the picture has ${places}.`);
  const wrong = given.find(
    (code) => code !== null && (!Number.isInteger(code) || code < 0 || code >= chooser.count),
  );
  if (wrong !== undefined)
    throw new RangeError(`There is no code ${wrong}; codes go from 0 to ${chooser.count - 1}.`);
  return Int32Array.from(given, (code) => code ?? -1);
}

/** The places that pass `pass` chooses codes for: one, those of a scale, or all. */
export function placesOf(
  { chooser, order, places }: Pick<CodePlan, 'chooser' | 'order' | 'places'>,
  pass: number,
): readonly number[] {
  if (chooser.order === 'raster') return [order[pass] ?? 0];
  if (chooser.order === 'masked') return Array.from({ length: places }, (_, i) => i);
  const before = sum(chooser.sides.slice(0, pass));
  return Array.from({ length: (chooser.sides[pass] ?? 0) ** 2 }, (_, i) => before + i);
}

/** The first pass with something to choose. */
function firstPass(
  spec: CodesToPicture,
  chooser: CodeChooser,
  codes: Int32Array,
  order: readonly number[],
): number {
  if (chooser.order === 'masked') return codes.includes(-1) ? (spec.after ?? 0) : (spec.rounds ?? 8);
  const known = (pass: number) =>
    placesOf({ chooser, order, places: codes.length }, pass).every((p) => codes[p] !== -1);
  const passes = chooser.order === 'raster' ? codes.length : chooser.sides.length;
  let first = 0;
  while (first < passes && known(first)) first++;
  return first;
}
