import { process } from '#lib/diffusion/math/process.ts';
import { sampleOver, samplerName, DEFAULT_SPACING } from '#lib/diffusion/math/samplers/index.ts';
import { PictureNoise, startNoise } from '#lib/diffusion/math/picture-noise.ts';
import { timeGrid } from '#lib/diffusion/math/timesteps.ts';
import { FEW_STEPS } from '#lib/diffusion/math/samplers/dpm.ts';
import type { DiffusionSpec } from '#lib/diffusion/math/spec.ts';
import type { InputValues } from '#lib/models/family.ts';
import type { ProgramContext } from '../program.ts';
import type { CodePlan } from './spec.ts';

/** A step of what the codes leave over, `[E, g, g]` each, in the latents' own scale. */
export interface Refined {
  /** The state, and what the network takes it to end as. */
  readonly x: Float32Array;
  readonly x0: Float32Array;
  /** The time of `x`, from 1 (noise) to 0. */
  readonly t: number;
  /** What the network was fed to arrive here: fed the same, it shows all its tensors. */
  readonly inputs: InputValues;
}

/** Where the noise is pure, λ has no value; samplers that need one begin here, as pictures do. */
const ALMOST = 0.999;
/** The stream of the noise it begins with: no pass that chooses codes takes its own from there. */
const STREAM = 0xffffffff;

/** `[E, places]` to `[places, E]`, or back with the two sizes exchanged. */
function turned(values: Float32Array, rows: number): Float32Array {
  const columns = values.length / rows;
  return Float32Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)] ?? NaN);
}

/**
 * What codes leave over, painted by denoising: every place alone, told the chooser's hidden state and its code (Tang et al. 2024,
 * section 3.3).
 * @param hidden `[g², H]` of the last grid. @param codes `[g²]`, its codes
 * @throws RangeError for a sampler or a number of steps that cannot be
 */
export async function* refined(
  { call, signal }: Pick<ProgramContext<unknown>, 'call' | 'signal'>,
  { refiner, spec }: CodePlan,
  diffusion: DiffusionSpec,
  hidden: Float32Array,
  codes: Float32Array,
): AsyncGenerator<Refined, void, void> {
  if (!refiner) return;
  const { width, grid, scale } = refiner;
  const {
    sampler: named,
    steps,
    x = startNoise(spec.seed, 1, width * grid * grid, STREAM),
  } = spec.refine ?? {
    sampler: 'ddim',
    steps: 8,
  };
  if (x.length !== width * grid * grid)
    throw new RangeError(`The noise has ${x.length} values; the rest has ${width * grid * grid}.`);
  const sampler = samplerName(named);
  const noisy = process(diffusion.process, diffusion.steps ?? 1000);
  const spacing = DEFAULT_SPACING[sampler];
  const lambda = spacing === 'lambda' || diffusion.prediction === 'eps';
  const start = lambda && !Number.isFinite(noisy.halfLogSnr(1)) ? ALMOST : 1;
  let fed: InputValues = {};
  const run = sampleOver<Float32Array>(sampler, {
    process: noisy,
    predicts: diffusion.prediction,
    time: diffusion.time,
    x,
    times: timeGrid(noisy, { steps, spacing, start, end: 0 }),
    lastOrder: steps <= FEW_STEPS ? 1 : 2,
    noise: new PictureNoise(spec.seed + 1, 1),
    signal,
    model: async (x, t) => {
      const inputs = {
        x: turned(x, width),
        t: Float32Array.of(t),
        [refiner.hidden]: hidden,
        [refiner.codes]: codes,
      };
      fed = inputs;
      const { tensors } = await call('refiner', { inputs, outputs: [refiner.prediction] });
      return turned(tensors[0]!.data, grid * grid);
    },
  });
  for await (const { x, x0, t } of run)
    yield { x: x.map((v) => v / scale), x0: x0.map((v) => v / scale), t, inputs: fed };
}
