import type { Node } from '#lib/graph/types.ts';

/** One cell of input number `input` of an operation. */
export interface Source {
  readonly input: number;
  /** In that input's own shape, its batch included. */
  readonly index: readonly number[];
}

/** How tightly a written expression holds together: what needs brackets beside `×`, and beside `^`. */
export type Strength = 'sum' | 'product' | 'atom';

/** How one cell of a result is made of cells of the inputs. */
export type Recipe =
  /** The same number: the operation only moves it. */
  | { readonly kind: 'copy'; readonly from: Source }
  /** Moved from a place that another cell says. */
  | { readonly kind: 'chosen'; readonly by: Source; readonly from: (row: number) => Source }
  /** A few cells put through a function, which can be written down. */
  | {
      readonly kind: 'apply';
      readonly of: readonly Source[];
      readonly by: (...values: readonly number[]) => number;
      /** @param parts the operands as written, in brackets where `needs` asks for them @param value writes a number */
      readonly write: (parts: readonly string[], value: (v: number) => string) => string;
      readonly strength: Strength;
      /** The least strength an operand needs to stand without brackets, by its place; atoms by default. */
      readonly needs?: readonly Strength[];
    }
  /** Σ a · b, and a bias. */
  | {
      readonly kind: 'products';
      readonly pairs: readonly (readonly [Source, Source])[];
      readonly bias?: Source;
    }
  /** Sum, mean or maximum, or the place of the smallest, the first of equal ones. */
  | {
      readonly kind: 'gathered';
      readonly how: 'sum' | 'mean' | 'max' | 'argmin';
      readonly of: readonly Source[];
    }
  /** e^(x_at − m) / Σ e^(x − m), m the largest. */
  | { readonly kind: 'softmax'; readonly of: readonly Source[]; readonly at: number }
  /** (x_at − mean) / √(variance + ε) · weight + bias. */
  | {
      readonly kind: 'norm';
      readonly of: readonly Source[];
      readonly at: number;
      readonly epsilon: number;
      readonly weight: Source;
      readonly bias?: Source;
    };

/** The recipe of the cell `index` of result number `output` of a node. */
export type RecipeOf = (node: Node, index: readonly number[], output: number) => Recipe;
