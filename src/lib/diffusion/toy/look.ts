import { finish } from '../math/samplers/step.ts';
import { sample } from '../math/samplers/index.ts';
import { VP } from '../math/mixture.ts';
import { normals, SeededNoise } from '../math/noise.ts';
import type { ToyTraining } from './training.ts';

/** What is wanted of the network between two steps of its training. */
export interface Look {
  /** Time in (0, 1] of the field. */
  readonly t: number;
  /** Points `[2n]` that the field is wanted at. */
  readonly grid: Float64Array;
  readonly sampler: string;
  /** Sampler steps. */
  readonly steps: number;
  readonly eta: number;
  /** Points to be sampled. */
  readonly points: number;
}

/** What the network said after some step: all of one moment. */
export interface Looked {
  /** Steps of the training made. */
  readonly step: number;
  readonly look: Look;
  /** ε̂ at the points of the grid, `[2n]`. */
  readonly field: Float64Array;
  /** Root mean square difference of ε̂ to the exact answer over points of p_t. */
  readonly gap: number;
  /** Points sampled with the network, `[2n]`. */
  readonly samples: Float64Array;
}

/** Samples with the network as it is, and asks it for its field. */
export async function lookAt(training: ToyTraining, look: Look): Promise<Looked> {
  const { seed } = training.spec;
  const last = await finish(
    sample<Float64Array>(look.sampler, {
      process: VP,
      predicts: 'eps',
      model: (x, t) => training.predict(x, t),
      x: normals(seed, 0, 2 * look.points),
      steps: look.steps,
      eta: look.eta,
      noise: new SeededNoise(seed + 1),
    }),
  );
  const field = training.predict(look.grid, look.t);
  return { step: training.made, look, field, gap: training.gapAt(look.t), samples: last.x };
}
