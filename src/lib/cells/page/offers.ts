import type { KnownTensor } from '../house.ts';

/** What completion can offer in a cell. */
export interface Offers {
  readonly tensors: readonly KnownTensor[];
  /** Names that other cells give. */
  readonly names: readonly string[];
  /** Fields of the page's state. */
  readonly fields: readonly string[];
}
