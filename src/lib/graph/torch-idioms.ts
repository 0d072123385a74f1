import { axisOf, integersOf, intAttribute } from './ops/spec.ts';
import type { Value } from './types.ts';

/** The number a scalar constant holds; undefined for anything else. */
export function scalarOf(v: Value | undefined): number | undefined {
  return v?.kind === 'constant' && v.shape.length === 0 ? v.data?.[0] : undefined;
}

const op = (v: Value | undefined, type: string): readonly Value[] | undefined =>
  v?.producer?.op === type ? v.producer.inputs : undefined;
const near = (v: Value | undefined, to: number) => Math.abs((scalarOf(v) ?? NaN) - to) < 1e-6;

/**
 * A Linear over the last dimension, which the graph writes as rows: Reshape, Gemm, Reshape back (`affine` in
 * architectures/layers.ts). Undefined when `v` is anything else, or a step between has other readers.
 */
export function matchLinear(
  v: Value,
  uses: ReadonlyMap<Value, number>,
): { readonly x: Value; readonly weight: Value; readonly bias: Value | undefined } | undefined {
  const product = op(v, 'Reshape')?.[0];
  const gemm = op(product, 'Gemm');
  const rows = gemm?.[0];
  const x = op(rows, 'Reshape')?.[0];
  if (!product || !gemm || !rows || !x || !product.internal || !rows.internal) return undefined;
  if ((uses.get(product) ?? 0) > 1 || (uses.get(rows) ?? 0) > 1) return undefined;
  const transposed = product.producer?.attributes.transB;
  if (!transposed || !('i' in transposed) || transposed.i !== 1) return undefined;
  const leading = x.shape.slice(0, -1);
  const same =
    v.shape.length === x.shape.length &&
    leading.every((n, i) => n === v.shape[i]) &&
    rows.shape.at(-1) === x.shape.at(-1);
  return same ? { x, weight: gemm[1]!, bias: gemm[2] } : undefined;
}

/** GELU, exact or by tanh, as `gelu` in architectures/layers.ts writes it. */
export function matchGelu(v: Value): { readonly x: Value; readonly kind: 'erf' | 'tanh' } | undefined {
  const [a, b] = op(v, 'Mul') ?? [];
  const exact = near(b, 0.5) ? exactGelu(a) : undefined;
  if (exact) return { x: exact, kind: 'erf' };
  const approximate = tanhGelu(a, b);
  return approximate && { x: approximate, kind: 'tanh' };
}

/** x · (erf(x / √2) + 1) */
function exactGelu(product: Value | undefined): Value | undefined {
  const [x, sum] = op(product, 'Mul') ?? [];
  const [erf, one] = op(sum, 'Add') ?? [];
  const [divided, root] = op(op(erf, 'Erf')?.[0], 'Div') ?? [];
  return x && divided === x && near(root, Math.SQRT2) && near(one, 1) ? x : undefined;
}

/** (x · ½) · (tanh(√(2/π) (x + 0.044715 x³)) + 1) */
function tanhGelu(halved: Value | undefined, sum: Value | undefined): Value | undefined {
  const [x, half] = op(halved, 'Mul') ?? [];
  const [tanh, one] = op(sum, 'Add') ?? [];
  const [inside, root] = op(op(tanh, 'Tanh')?.[0], 'Mul') ?? [];
  const [first, cubic] = op(inside, 'Add') ?? [];
  const [cube, factor] = op(cubic, 'Mul') ?? [];
  const [base, three] = op(cube, 'Pow') ?? [];
  const fits =
    x &&
    first === x &&
    base === x &&
    near(half, 0.5) &&
    near(one, 1) &&
    near(root, Math.sqrt(2 / Math.PI)) &&
    near(factor, 0.044715) &&
    near(three, 3);
  return fits ? x : undefined;
}

/** A cyclic shift along some dimensions, as `torch.roll` has it. */
export interface Roll {
  readonly x: Value;
  readonly shifts: readonly number[];
  readonly dims: readonly number[];
}

/**
 * A cyclic shift, which the graph writes as the two parts of a dimension in the other order: Slice, Slice, Concat.
 * Shifts of several dimensions, one after another, are one. Undefined when `v` is anything else.
 */
export function matchRoll(v: Value, uses: ReadonlyMap<Value, number>): Roll | undefined {
  const [late, early, more] = op(v, 'Concat') ?? [];
  const [a, b] = [partOf(late), partOf(early)];
  if (!a || !b || more || a.x !== b.x || a.axis !== b.axis || !late?.internal || !early?.internal)
    return undefined;
  const size = a.x.shape[a.axis] ?? 0;
  const joined = intAttribute(v.producer!.attributes, 'axis', 0);
  const whole = b.from === 0 && a.from === b.to && a.to === size;
  if (!whole || axisOf('Concat', v, joined) !== a.axis) return undefined;
  const shift = a.from > size / 2 ? size - a.from : -a.from;
  const { x } = a;
  // Both parts read what was shifted before.
  const before = x.internal && uses.get(x) === 2 ? matchRoll(x, uses) : undefined;
  return {
    x: before?.x ?? x,
    shifts: [...(before?.shifts ?? []), shift],
    dims: [...(before?.dims ?? []), a.axis],
  };
}

/** What a Slice along one dimension is a part of. */
function partOf(v: Value | undefined) {
  const [x, ...bounds] = op(v, 'Slice') ?? [];
  const [starts, ends, axes] = bounds.map((b) => integersOf('Slice', b));
  if (!x || axes?.length !== 1) return undefined;
  return { x, from: starts?.[0] ?? 0, to: ends?.[0] ?? 0, axis: axisOf('Slice', x, axes[0] ?? 0) };
}
