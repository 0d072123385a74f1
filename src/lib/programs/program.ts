import type { Text } from '#lib/base/lang.ts';
import type { WireTensor } from '#lib/base/tensor.ts';
import type { InputValues, Variant } from '#lib/models/family.ts';
import type { ModelConfig } from '#lib/models/model-config.ts';

/** One forward pass of a part. */
export interface Pass {
  readonly inputs: InputValues;
  /** Tensors to read, by their names in the part's graph. */
  readonly outputs: readonly string[];
  readonly variant?: Variant;
  /** Pictures at once; 1 by default. */
  readonly batch?: number;
  /** Build the graph with its intervention inputs. */
  readonly interventions?: boolean;
  /**
   * Outputs that are inputs of the part's next pass, output → input: a cache. They stay where they are computed, on the
   * device where it can hold them; `inputs` says what stands there at the first pass.
   */
  readonly carry?: Readonly<Record<string, string>>;
}

export interface PassResult {
  readonly tensors: readonly WireTensor[];
  /** The forward pass, milliseconds. */
  readonly ms: number;
}

/** What a program is given to run. */
export interface ProgramContext<Spec> {
  /** The configurations of its parts. */
  readonly models: Readonly<Record<string, ModelConfig>>;
  readonly spec: Spec;
  /** Runs a part. Its session is kept for the passes that follow. Rejects once nobody wants the rest. */
  readonly call: (part: string, pass: Pass) => Promise<PassResult>;
  /** Builds the session of a pass before it is timed. */
  readonly prepare: (part: string, pass: Pass) => Promise<void>;
  /** Goes on after a step: what `resume` of the program made of it. */
  readonly resume?: unknown;
  /** Stops after this step, counted from 1. */
  readonly until?: number | undefined;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** What every step of a program says of itself; each program's steps have more. */
export interface ProgramStep {
  /** 1 … total. */
  readonly step: number;
  readonly total: number;
  /** Tensors that were asked for beside, handed over without a copy. */
  readonly tensors: readonly WireTensor[];
}

/** How the parts of a program stand to each other, for those who draw or describe it. */
export type Outline =
  | { readonly kind: 'pass'; readonly part: string }
  | { readonly kind: 'row' | 'beside'; readonly of: readonly Outline[] }
  | { readonly kind: 'loop'; readonly of: Outline };

/** One network of a program. */
export interface Part {
  readonly title: Text;
  /** Whether a model can take this part. */
  fits(model: Pick<ModelConfig, 'architecture' | 'config' | 'diffusion'>): boolean;
}

/**
 * A declared composition of networks that runs in the worker, without a round trip through the page between its passes:
 * in a row, side by side, in a loop. A folder `src/lib/programs/<program>/` exports it from `program.ts` as `PROGRAM`;
 * nothing else lists it. Spec and steps are plain data, so that they can cross between worker and page.
 */
export interface Program<Spec = unknown, Step extends ProgramStep = ProgramStep> {
  /** The folder's name. */
  readonly id: string;
  readonly title: Text;
  /** Its networks by the names it calls them. */
  readonly parts: Readonly<Record<string, Part>>;
  readonly outline: Outline;
  /** The run, step by step. Throws RangeError for a spec that cannot be, and what the passes throw. */
  run(context: ProgramContext<Spec>): AsyncGenerator<Step, void, void>;
  /** What `run` needs to go on after a step. */
  resume(step: Step): unknown;
}

/** What a page knows of a program that it calls: the rest is the worker's, and does not come with the page. */
export type ProgramCall<Step extends ProgramStep> = Pick<Program<never, Step>, 'id' | 'resume'>;
