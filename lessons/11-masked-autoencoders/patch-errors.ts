/** How a square picture `[C, S, S]` falls into patches: side S and side of a patch in pixels, and C. */
export interface PatchForm {
  readonly image: number;
  readonly patch: number;
  readonly channels: number;
}

/** Patches along a side. */
export const sideOf = ({ image, patch }: PatchForm): number => image / patch;

let newest: { readonly form: PatchForm; readonly patches: Uint16Array } | undefined;
/** The patch of each pixel of a picture, `[C, S, S]` flat; kept for the newest form, since every pass asks for it. */
export function patchOfPixel(form: PatchForm): Uint16Array {
  if (newest?.form === form) return newest.patches;
  const { image, patch, channels } = form;
  const patches = new Uint16Array(channels * image * image);
  for (let i = 0; i < patches.length; i++) {
    const [row, column] = [Math.floor(i / image) % image, i % image];
    patches[i] = Math.floor(row / patch) * sideOf(form) + Math.floor(column / patch);
  }
  newest = { form, patches };
  return patches;
}

/** Each value made of itself and its patch. Loops here: a picture of 96 × 96 has 27,648 values, several times a pass. */
function eachValue(
  x: ArrayLike<number>,
  form: PatchForm,
  of: (value: number, patch: number) => number,
): Float32Array {
  const place = patchOfPixel(form);
  const out = new Float32Array(x.length);
  for (let i = 0; i < out.length; i++) out[i] = of(x[i]!, place[i]!);
  return out;
}

/** Mean and standard deviation of each patch over its pixels and channels, as the loss of MAE takes them. */
export interface PatchStats {
  /** `[N]` */
  readonly mean: Float64Array;
  /** `[N]`: root of the unbiased variance plus 10⁻⁶. */
  readonly std: Float64Array;
}

/** @param x `[C, S, S]` flat */
export function patchStats(x: ArrayLike<number>, form: PatchForm): PatchStats {
  const place = patchOfPixel(form);
  const patches = sideOf(form) ** 2;
  const count = form.channels * form.patch ** 2;
  const mean = new Float64Array(patches);
  const squares = new Float64Array(patches);
  for (let i = 0; i < x.length; i++) mean[place[i]!]! += x[i]! / count;
  for (let i = 0; i < x.length; i++) squares[place[i]!]! += (x[i]! - mean[place[i]!]!) ** 2;
  return { mean, std: squares.map((s) => Math.sqrt(s / (count - 1) + 1e-6)) };
}

/** Each patch minus its mean, over its standard deviation: `[C, S, S]`. */
export function normalisedPatches(
  x: ArrayLike<number>,
  form: PatchForm,
  { mean, std } = patchStats(x, form),
): Float32Array {
  return eachValue(x, form, (v, n) => (v - mean[n]!) / std[n]!);
}

/** The inverse: normalised patches given back these means and deviations. */
export function denormalisedPatches(
  y: ArrayLike<number>,
  form: PatchForm,
  { mean, std }: PatchStats,
): Float32Array {
  return eachValue(y, form, (v, n) => v * std[n]! + mean[n]!);
}

/** Mean square difference of two pictures `[C, S, S]` in each patch, `[N]`. */
export function patchErrors(a: ArrayLike<number>, b: ArrayLike<number>, form: PatchForm): Float32Array {
  const place = patchOfPixel(form);
  const count = form.channels * form.patch ** 2;
  const errors = new Float64Array(sideOf(form) ** 2);
  for (let i = 0; i < a.length; i++) errors[place[i]!]! += (a[i]! - b[i]!) ** 2 / count;
  return Float32Array.from(errors);
}

/** Mean of the values where `on`; undefined where there are none. */
export function meanWhere(values: ArrayLike<number>, on: (index: number) => boolean): number | undefined {
  let [sum, count] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (!on(i)) continue;
    sum += values[i]!;
    count++;
  }
  return count > 0 ? sum / count : undefined;
}

/** Part of the whole error that the flatter half of these patches makes, 0 … 1; undefined where there are none. */
export function flatShare(
  errors: ArrayLike<number>,
  std: ArrayLike<number>,
  of: readonly number[],
): number | undefined {
  const flattest = [...of].sort((a, b) => std[a]! - std[b]!).slice(0, Math.floor(of.length / 2));
  const sum = (list: readonly number[]) => list.reduce((total, n) => total + errors[n]!, 0);
  return of.length > 1 ? sum(flattest) / sum(of) : undefined;
}
