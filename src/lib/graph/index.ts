export { GraphError, formatShape, formatValue } from './errors.ts';
export { Graph } from './graph.ts';
export { OPS } from './ops/index.ts';
export type * from './types.ts';
