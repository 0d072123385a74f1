/** The graph builder without its encoder: `encode.ts` brings the protobuf library and is imported by itself. */
export { cellOperands, receptiveBox } from './cells.ts';
export { describe, type Description, type TensorRow, type WeightRow } from './describe.ts';
export { GraphError, formatShape, formatValue } from './errors.ts';
export { outline, type Outline, type OutlineEdge, type OutlineNode, type OutlineOptions } from './outline.ts';
export { Graph } from './graph.ts';
export { dimsOf, partAxis, partName, partOf, shownShape, tensorOrPart, wholeOf, type Part } from './part.ts';
export { OPS } from './ops/index.ts';
export type * from './types.ts';
