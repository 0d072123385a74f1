import { sizeOf } from '#lib/base/tensor.ts';
import type { Size } from '#lib/images/preprocess.ts';
import type { OnnxGraph, OnnxValue } from './graph.ts';

/** How one input is fed: with the picture, or with one value throughout. */
export interface FeedPlan {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  /** `picture`: `[1, C, H, W]`; `picture-last`: `[1, H, W, C]`. */
  readonly what: 'picture' | 'picture-last' | 'ones' | 'zeros';
  /** Sides that the file leaves open, and what was assumed for them: `batch = 1`. */
  readonly assumed: readonly string[];
}

/** What a side that is left open is taken for, in a picture. */
const SIDE = 224;

/** Where the channels of a picture stand among four sides; undefined for what is no picture. */
function channelsAt({ shape, type }: OnnxValue): 1 | 3 | undefined {
  if (shape?.length !== 4 || !/^(float|float16|double|uint8)$/.test(type)) return undefined;
  if (shape[1] === 3 || shape[1] === 1) return 1;
  if (shape[3] === 3 || shape[3] === 1) return 3;
  return typeof shape[1] === 'number' ? undefined : 1;
}

/**
 * How a graph's inputs are fed. The first that looks like a picture is one; of the others, masks are ones and the rest
 * zeros. Sides that the file leaves open are assumed: 1, of a picture 224 pixels and three colours.
 */
export function feedsOf(graph: OnnxGraph): readonly FeedPlan[] {
  const values = new Map(graph.values.map((value) => [value.name, value]));
  let seen = false;
  return graph.inputs.map((name): FeedPlan => {
    const value = values.get(name);
    const at = value && !seen ? channelsAt(value) : undefined;
    const assumed: string[] = [];
    const shape = (value?.shape ?? []).map((side, i) => {
      if (typeof side === 'number') return side;
      const assume = at === undefined || i === 0 ? 1 : i === at ? 3 : SIDE;
      assumed.push(`${side ?? `side ${i}`} = ${assume}`);
      return assume;
    });
    if (at !== undefined) seen = true;
    const what =
      at === 1 ? 'picture' : at === 3 ? 'picture-last' : /mask/i.test(name) ? ('ones' as const) : 'zeros';
    return { name, type: value?.type ?? '', shape, what, assumed };
  });
}

/** Height and width of the picture that is fed; undefined where none is. */
export function pictureIn(plans: readonly FeedPlan[]): { size: Size; channels: number } | undefined {
  const plan = plans.find(({ what }) => what === 'picture' || what === 'picture-last');
  if (!plan) return undefined;
  const [, a = 0, b = 0, c = 0] = plan.shape;
  return plan.what === 'picture' ? { size: [b, c], channels: a } : { size: [a, b], channels: c };
}

/** The numbers of one input, row-major in its shape. @param picture `[C, H, W]`; zeros where there is none */
export function valuesOf(plan: FeedPlan, picture: Float32Array | undefined): Float32Array {
  const count = sizeOf(plan.shape);
  if (plan.what === 'ones') return new Float32Array(count).fill(1);
  if (!picture || plan.what === 'zeros' || picture.length !== count) return new Float32Array(count);
  if (plan.what === 'picture') return picture;
  const [, height = 0, width = 0, channels = 0] = plan.shape;
  const out = new Float32Array(count);
  const plane = height * width;
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < plane; i++) out[i * channels + c] = picture[c * plane + i]!;
  return out;
}
