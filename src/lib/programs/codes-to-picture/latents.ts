import { areaLine } from '#lib/models/shared/resample.ts';
import type { ProgramContext } from '../program.ts';
import type { CodePlan } from './spec.ts';

type Calling = Pick<ProgramContext<unknown>, 'call'>;

/**
 * What codes stand for, latents `[E, g, g]`: the sum of their scales' shares, without those that are left out; on one grid their
 * entries, and zeros where no code is known yet.
 * @param codes `[N]`, −1 where none is known; of scales those known fill whole scales
 */
export async function latentsOf({ call }: Calling, plan: CodePlan, codes: Int32Array): Promise<Float32Array> {
  const { book, spec } = plan;
  const { width, grid, sides } = book;
  const { input, variant, shares } = book.read;
  const inputs = { [input]: Float32Array.from(codes, (code) => Math.max(code, 0)) };
  const { tensors } = await call('decoder', { inputs, variant, outputs: shares });
  const found = new Float32Array(width * grid * grid);
  let start = 0;
  shares.forEach((share, k) => {
    const side = sides[k] ?? grid;
    const own = codes.subarray(start, (start += side * side));
    const data = tensors.find(({ name }) => name === share)?.data;
    const single = shares.length === 1;
    if (!data || (!single && (own.includes(-1) || spec.without?.includes(k)))) return;
    for (let i = 0; i < found.length; i++)
      if (!single || own[i % (grid * grid)] !== -1) found[i]! += data[i] ?? NaN;
  });
  return found;
}

/** Latents `[E, g, g]` averaged to a side, row by row: `[side², E]`, as PyTorch's adaptive average pooling. */
export function averagedRows(found: Float32Array, width: number, grid: number, side: number): Float32Array {
  const line = areaLine(grid, side);
  const out = new Float32Array(side * side * width);
  line.forEach((down, y) =>
    line.forEach((across, x) => {
      for (let e = 0; e < width; e++) {
        let sum = 0;
        down.forEach((wy, r) => {
          if (wy !== 0)
            across.forEach((wx, s) => (sum += wy * wx * (found[(e * grid + r) * grid + s] ?? NaN)));
        });
        out[(y * side + x) * width + e] = sum;
      }
    }),
  );
  return out;
}

/** A picture `[C, S, S]` of latents `[E, g, g]`, nearly all in −1 … 1. */
export async function decoded({ call }: Calling, { book }: CodePlan, latents: Float32Array) {
  const { input, variant, picture } = book.decode;
  const { tensors, ms } = await call('decoder', {
    inputs: { [input]: latents },
    variant,
    outputs: [picture],
  });
  return { data: tensors[0]!.data, ms };
}
