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
