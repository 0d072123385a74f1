import type { TensorType } from './types.ts';

/** A graph that cannot be built or encoded. The message names the operation, the tensors and their shapes. */
export class GraphError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'GraphError';
  }
}

/** `[B=1, T=197, D=768]`; a size without a name stands alone. */
export function formatShape(type: Pick<TensorType, 'shape' | 'dims'>): string {
  return `[${sizesText(type).join(', ')}]`;
}

/** Each size with its name, outermost first: `T=197`; a size without a name stands alone. */
export function sizesText(type: Pick<TensorType, 'shape' | 'dims'>): string[] {
  return type.shape.map((size, i) => {
    const dim = type.dims[i];
    return dim === undefined || dim === String(size) ? String(size) : `${dim}=${size}`;
  });
}

/** `blocks.0.norm1 [B=1, T=197, D=768]`. */
export function formatValue(value: TensorType & { readonly name: string }): string {
  return `${value.name} ${formatShape(value)}`;
}
