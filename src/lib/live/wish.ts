import type { Tensor } from '#lib/base/tensor.ts';
import { sameVariant, type InputValues, type Variant } from '#lib/models/registry.ts';

/** What is asked of a model: which variant of it, and what it is fed. */
export interface Wish {
  /** Every field that may change while the weights stay: `{ patch: 8 }`. */
  readonly variant: Variant;
  /** Values of the graph's inputs, interventions among them; those left out are neutral. */
  readonly inputs: InputValues;
  /** The graph has its intervention inputs. */
  readonly interventions: boolean;
  readonly batch: number;
}

/** Whether two wishes are answered by the same graph, and so by the same session. */
export function sameGraph(a: Wish, b: Wish): boolean {
  return sameVariant(a.variant, b.variant) && a.batch === b.batch && a.interventions === b.interventions;
}

/** Whether two sets of inputs are the same arrays under the same names. */
export function sameValues(a: InputValues | undefined, b: InputValues | undefined): boolean {
  if (a === b || !a || !b) return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** One pass beside what is shown. */
export interface PassRequest {
  readonly inputs: InputValues;
  readonly outputs: readonly string[];
  /** By default the model's own, as it is wished. */
  readonly variant?: Variant;
  /** Pictures at once, 1 by default. */
  readonly batch?: number;
  /** Some of the inputs are interventions. */
  readonly interventions?: boolean;
}
export interface PassAnswer {
  /** In the order they were asked for, a batch of one left out. */
  readonly tensors: readonly Tensor[];
  /** The forward pass, milliseconds. */
  readonly ms: number;
}
