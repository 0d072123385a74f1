import { GraphError } from '../errors.ts';
import { elementwise } from './elementwise.ts';
import { layout } from './layout.ts';
import { pooling } from './pooling.ts';
import { products } from './products.ts';
import { reductions } from './reductions.ts';
import type { OpSpec } from './spec.ts';

/** Every operation a graph may use, by its ONNX type. */
export const OPS: Readonly<Record<string, OpSpec>> = {
  ...elementwise,
  ...products,
  ...pooling,
  ...reductions,
  ...layout,
};

/** The record of one operation; GraphError for a type the table does not have. */
export function opSpec(type: string): OpSpec {
  const spec = OPS[type];
  if (!spec) throw new GraphError(`There is no operation ${type}.`);
  return spec;
}
