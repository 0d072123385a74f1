import type { ToySpec } from './training.ts';

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

export type ToTraining =
  | { readonly type: 'begin'; readonly spec: ToySpec; readonly look: Look }
  | { readonly type: 'run' | 'pause' }
  | { readonly type: 'look'; readonly look: Look };

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

export type FromTraining =
  | {
      readonly type: 'progress';
      readonly step: number;
      /** Mean loss of the steps since the last word. */
      readonly loss: number;
      /** Milliseconds of training so far. */
      readonly ms: number;
    }
  | { readonly type: 'looked'; readonly looked: Looked }
  /** All steps are made. */
  | { readonly type: 'done' };
