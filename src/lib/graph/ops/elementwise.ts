import type { OpSpec } from './spec.ts';
import { broadcast, intAttribute, misfit, operand, unbroadcast } from './spec.ts';
import type { DType } from '../types.ts';

/** One input, one result of the same shape; each cell from the cell at the same index. */
function unary(op: string): OpSpec {
  return {
    infer: (inputs) => {
      const x = operand(op, inputs, 0);
      return [{ shape: x.shape, dims: x.dims, dtype: x.dtype }];
    },
    reads: (box) => [box],
  };
}

/** Two inputs, NumPy broadcasting. */
function binary(op: string): OpSpec {
  return {
    infer: (inputs) => [broadcast(op, operand(op, inputs, 0), operand(op, inputs, 1))],
    reads: (box, inputs) => inputs.map((x) => unbroadcast(box, x)),
  };
}

const UNARY = [
  'Abs',
  'Cos',
  'Erf',
  'Exp',
  'Floor',
  'Identity',
  'Log',
  'Neg',
  'Reciprocal',
  'Relu',
  'Sigmoid',
  'Sin',
  'Sqrt',
  'Tanh',
];
const BINARY = ['Add', 'Div', 'Mul', 'Pow', 'Sub'];

/** ONNX's numbers for element types. */
export const DTYPE_CODE: Readonly<Record<DType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  bfloat16: 16,
};

const cast: OpSpec = {
  infer: (inputs, attributes) => {
    const x = operand('Cast', inputs, 0);
    const code = intAttribute(attributes, 'to', 0);
    const dtype = (Object.keys(DTYPE_CODE) as DType[]).find((t) => DTYPE_CODE[t] === code);
    return [{ shape: x.shape, dims: x.dims, dtype: dtype ?? misfit('Cast', [x], `no element type ${code}`) }];
  },
  reads: (box) => [box],
};

/** cond ? a : b, all three broadcast. */
const where: OpSpec = {
  infer: (inputs) => {
    const condition = operand('Where', inputs, 0);
    if (condition.dtype !== 'bool') misfit('Where', [condition], 'the condition must be bool');
    const ab = broadcast('Where', operand('Where', inputs, 1), operand('Where', inputs, 2));
    const like = { ...condition, ...ab, name: 'the chosen values' };
    const out = broadcast('Where', { ...condition, dtype: ab.dtype }, like);
    return [out];
  },
  reads: (box, inputs) => inputs.map((x) => unbroadcast(box, x)),
};

export const elementwise: Readonly<Record<string, OpSpec>> = {
  ...Object.fromEntries(UNARY.map((op) => [op, unary(op)])),
  ...Object.fromEntries(BINARY.map((op) => [op, binary(op)])),
  Cast: cast,
  Where: where,
};
