import { philox } from '#lib/diffusion/math/noise.ts';
import { resample, type Rgba } from '#lib/images/index.ts';

/*
 * Two random views of a picture, as SimCLR trains on them (Chen et al. 2020, section 3 and appendix A): a resized crop,
 * a flip, other colours, sometimes grey. Crop and colours are those of training/data/augment.py, which the trainings of
 * training/tasks/simclr.py use; training/tests/golden/simclr.json holds both to one answer. Blur is left out.
 */

/** What the reader sets of the recipe. */
export interface ViewRecipe {
  /** The least share of the picture's area that a crop has, in (0, 1]; the most is all of it. */
  readonly crop: number;
  /** Brightness, contrast and saturation are multiplied by factors in [1 − colour, 1 + colour]; 0 … 1. */
  readonly colour: number;
  /** Whole, 0 or more: one seed, one set of views. */
  readonly seed: number;
}

/** A crop's proportions are at the most this much wider or taller than a square. */
const ASPECT = 4 / 3;
/** How often a view is grey, and how often it is flipped. */
export const GREY = 0.2;
const FLIP = 0.5;
/** A crop has at least so many pixels a side. */
const LEAST = 8;

/** All that is random in a view. */
export interface ViewDraw {
  /** Left, top, width and height of the crop, as shares of the picture. */
  readonly box: readonly [left: number, top: number, width: number, height: number];
  /** Factors of brightness, contrast and saturation. */
  readonly factors: readonly [brightness: number, contrast: number, saturation: number];
  readonly grey: boolean;
  readonly flipped: boolean;
}

/**
 * Draws a view. The same place in the set has the same uniforms whatever the recipe is, so that a slider changes views
 * without exchanging them.
 * @param place number of the view in the set, from 0 up
 * @param photo the picture's width over its height
 */
export function drawView({ crop, colour, seed }: ViewRecipe, place: number, photo: number): ViewDraw {
  const u = uniforms(seed, place);
  const area = crop + (1 - crop) * u[0]!;
  const aspect = Math.exp((2 * u[1]! - 1) * Math.log(ASPECT));
  const width = Math.min(Math.sqrt((area * aspect) / photo), 1);
  const height = Math.min(Math.sqrt((area * photo) / aspect), 1);
  const factor = (at: number) => 1 + colour * (2 * u[at]! - 1);
  return {
    box: [u[2]! * (1 - width), u[3]! * (1 - height), width, height],
    factors: [factor(4), factor(5), factor(6)],
    // No colours are changed at strength 0, so none are taken away.
    grey: colour > 0 && u[7]! < GREY,
    flipped: u[8]! < FLIP,
  };
}

/** Twelve uniforms in [0, 1). */
function uniforms(seed: number, place: number): number[] {
  const key = [seed % 2 ** 32, Math.floor(seed / 2 ** 32)];
  return [0, 1, 2].flatMap((block) =>
    Array.from(philox([block, place, 31, 0], key), (word) => word / 2 ** 32),
  );
}

/**
 * The view that was drawn, `[3, side, side]` in 0 … 255, planes of red, green and blue: cropped and resized, then
 * brightness, contrast (about the mean of all values) and saturation, grey, flipped.
 */
export function makeView(
  picture: Rgba,
  { box, factors, grey, flipped }: ViewDraw,
  side: number,
): Float32Array {
  const { data } = resample(cut(picture, box), side, side);
  const plane = side * side;
  const out = new Float32Array(3 * plane);
  for (let i = 0; i < plane; i++) {
    const to = flipped ? i - (i % side) + side - 1 - (i % side) : i;
    for (let c = 0; c < 3; c++) out[c * plane + to] = data[4 * i + c]!;
  }
  return recolour(out, factors, grey);
}

/** Changes `x` `[3, n]` in 0 … 255 in place. */
function recolour(x: Float32Array, [brightness, contrast, saturation]: ViewDraw['factors'], grey: boolean) {
  const plane = x.length / 3;
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! *= brightness;
  const mean = sum / x.length;
  for (let i = 0; i < plane; i++) {
    const [r, g, b] = [i, plane + i, 2 * plane + i] as const;
    for (const at of [r, g, b]) x[at] = mean + (x[at]! - mean) * contrast;
    const shade = (x[r]! + x[g]! + x[b]!) / 3;
    for (const at of [r, g, b]) {
      const kept = grey ? shade : shade + (x[at]! - shade) * saturation;
      x[at] = Math.max(0, Math.min(255, kept));
    }
  }
  return x;
}

/** The rectangle of a picture, in whole pixels. */
function cut({ width, height, data }: Rgba, [left, top, wide, high]: ViewDraw['box']): Rgba {
  const [x0, x1] = between(left, wide, width);
  const [y0, y1] = between(top, high, height);
  const out = new Uint8ClampedArray(4 * (x1 - x0) * (y1 - y0));
  for (let y = y0; y < y1; y++) {
    const from = 4 * (y * width + x0);
    out.set(data.subarray(from, from + 4 * (x1 - x0)), 4 * (y - y0) * (x1 - x0));
  }
  return { width: x1 - x0, height: y1 - y0, data: out };
}

/** First pixel and the one after the last; at least eight, where the picture has so many. */
function between(from: number, share: number, pixels: number): readonly [number, number] {
  const last = Math.min(
    pixels,
    Math.max(Math.round(from * pixels) + LEAST, Math.round((from + share) * pixels)),
  );
  return [Math.max(0, Math.min(Math.round(from * pixels), last - LEAST)), last];
}
