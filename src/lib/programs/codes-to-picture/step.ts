import type { InputValues, Variant } from '#lib/models/family.ts';
import type { ProgramStep } from '../program.ts';
import type { Refined } from './refine.ts';

/** One pass of the generator, or one step of what refines its codes. */
export interface CodeStep extends ProgramStep {
  readonly kind: 'codes' | 'refine';
  /** The pass among those of a whole run: code n, round r or scale k. */
  readonly pass: number;
  /** Passes of the generator in this run so far, and tokens that went through it (each of two networks counts). */
  readonly passes: number;
  readonly tokens: number;
  /** Codes after it, `[N]`, −1 where none is known. */
  readonly codes: Int32Array;
  /** Places whose code became known in it. */
  readonly places: readonly number[];
  /** Places that were asked, with guided logits `[n, K]`, ln p `[n, K]` of what was drawn (at temperature, among the top k), and what was. */
  readonly asked: readonly number[];
  readonly logits: Float32Array;
  readonly logs: Float32Array;
  readonly drawn: readonly number[];
  /** Of `masked`: how sure each of the asked places was, `[n]`; NaN where the code was known before. */
  readonly confidence?: Float32Array;
  /** Guidance weight of the pass. */
  readonly weight: number;
  /** Latents `[E, g, g]` that were decoded, and the picture `[C, S, S]`; none where nothing is decoded. */
  readonly latents?: Float32Array;
  readonly picture?: Float32Array;
  /** Of `refine`: the rest so far. */
  readonly rest?: Refined;
  /** What the generator was fed: fed the same, it shows all its tensors of this pass. */
  readonly inputs: InputValues;
  readonly variant: Variant;
  /** The passes, milliseconds. */
  readonly ms: number;
  readonly decodeMs: number;
}

/** What a run goes on with. */
export interface Resume {
  readonly pass: number;
  readonly step: number;
  readonly passes: number;
  readonly tokens: number;
  readonly codes: Int32Array;
}
