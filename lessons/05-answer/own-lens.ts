import { Readout } from '#lib/analysis/lens.ts';
import { meanRows } from '#lib/analysis/similarity.ts';
import { softmax } from '#lib/analysis/softmax.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import type { Blueprint } from '#lib/models/registry.ts';

/** What a head reads, where it is a LayerNorm and one matrix on one row: the CLS token, or the mean of the patches. */
export interface HeadForm {
  readonly reads: 'cls' | 'mean';
  /** Its weights: γ and β, the matrix, the bias. */
  readonly weights: readonly [gamma: string, beta: string, matrix: string, bias: string];
  readonly eps: number;
}

/** The form of a network's head; undefined for one with more in it than a LayerNorm and a matrix. */
export function headForm({ config }: Blueprint): HeadForm | undefined {
  const { pool, normEps, headNorm, preLogits, distHead } = config as Readonly<Record<string, unknown>>;
  if (preLogits || distHead || typeof normEps !== 'number') return undefined;
  const form = (reads: HeadForm['reads'], norm: string): HeadForm => ({
    reads,
    weights: [`${norm}.weight`, `${norm}.bias`, 'head.weight', 'head.bias'],
    eps: normEps,
  });
  if (pool === 'cls' && (headNorm ?? 'before') === 'before') return form('cls', 'norm');
  if (pool === 'gap' && (headNorm ?? 'after') === 'after') return form('mean', 'fc_norm');
  return undefined;
}

/**
 * What the head would say after each depth (the logit lens; nostalgebraist 2020): probabilities `[depths, K]`.
 * @param stream the residual stream, `[T, D]` at each depth
 * @param weights in the order of the form's names
 * @param prefix tokens before the patches, which the mean leaves out
 */
export function ownLens(
  form: HeadForm,
  stream: readonly Tensor[],
  weights: readonly Tensor[],
  prefix: number,
): Float32Array | undefined {
  const [gamma, beta, weight, bias] = weights;
  if (!gamma || !beta || !weight || !bias) return undefined;
  const readout = new Readout({
    gamma: gamma.data,
    beta: beta.data,
    weight: weight.data,
    bias: bias.data,
    eps: form.eps,
  });
  const { D, K } = readout;
  const out = new Float32Array(stream.length * K);
  stream.forEach(({ data }, depth) => {
    const row = form.reads === 'cls' ? data.subarray(0, D) : meanRows(data, D, prefix);
    out.set(softmax(readout.logits(row)), depth * K);
  });
  return out;
}
