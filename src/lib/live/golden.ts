import type { Tensor } from '#lib/base/tensor.ts';
import {
  inputsOf,
  pixelInputOf,
  type Blueprint,
  type InputValues,
  type Variant,
} from '#lib/models/registry.ts';
import { parseSafetensors, type SafetensorsFile } from '#lib/weights/safetensors.ts';

/** Elements of a sampled reference tensor. */
const SAMPLES = 1024;

/**
 * Which references are meant: those of a patch size, those of a set by its name (`i128`: the picture's side, `k`: pruned
 * windows), or, where nothing is said, those of the model as it is stored.
 */
export type GoldenSet = number | string | undefined;

const prefixOf = (set: GoldenSet): string =>
  set === undefined ? 'g/' : typeof set === 'number' ? `p${set}/` : `${set}/`;

/** A tensor held against its reference. */
export interface Comparison {
  readonly name: string;
  /** max |Δ| over the elements compared. */
  readonly worst: number;
  /** max |reference|. */
  readonly scale: number;
  /** Elements compared. */
  readonly count: number;
  /** `worst ≤ 1e-3 · (1 + scale)`. */
  readonly within: boolean;
}

/**
 * Reference values computed by PyTorch in float32 from the stored weights: a model folder's `golden.safetensors`.
 * Tensors lie under `p<patch>/<name>` (models of several patch sizes) or `g/<name>` (all others; their inputs too), whole or
 * sampled at element ⌊k·n/S⌋, S = min(n, 1024). Where a patch size is left out, the latter are meant. Beside them other
 * sets may lie, of the same model under other conditions: `i<side>/<name>` at another size of picture, `k/<name>` with
 * some windows pruned, each with its inputs.
 */
export class Golden {
  readonly #file: SafetensorsFile;

  /** Throws WeightsError for a file that is no safetensors. */
  constructor(bytes: Uint8Array) {
    this.#file = parseSafetensors(bytes, 'golden.safetensors');
  }

  /** The preprocessed picture the references belong to, `[3, S, S]` flat. */
  get input(): Float32Array {
    return this.#file.float32('x');
  }

  /** The values of an input, `x`, `t` or another, of a set's tensors; undefined where there is none. */
  inputOf(name: string, set?: string): Float32Array | undefined {
    const key = prefixOf(set) + name;
    return this.#file.get(key) && this.#file.float32(key);
  }

  /** Pictures at once of the tensors under `g/`. */
  get batch(): number {
    return this.batchOf();
  }

  /** Rows of an input of a set's tensors, by default of the picture `x`: how many there are at once. */
  batchOf(set?: string, input = 'x'): number {
    return this.#file.get(prefixOf(set) + input)?.shape[0] ?? 1;
  }

  /** Sizes of the picture, pixels of a side, with references of their own, ascending. */
  get sides(): number[] {
    const found = this.#file.names().map((name) => /^i(\d+)\//.exec(name)?.[1]);
    return [...new Set(found.filter((side) => side !== undefined).map(Number))].sort((a, b) => a - b);
  }

  /** Names of the tensors with a reference. */
  names(patch?: GoldenSet): string[] {
    const prefix = prefixOf(patch);
    return this.#file
      .names()
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
  }

  /** Patch sizes with at least one reference, ascending. */
  get patches(): number[] {
    const found = this.#file.names().map((name) => /^p(\d+)\//.exec(name)?.[1]);
    return [...new Set(found.filter((p) => p !== undefined).map(Number))].sort((a, b) => a - b);
  }

  /**
   * Compares a tensor with its reference; undefined where there is none.
   * A tensor of another size, or one that holds NaN, differs by Infinity.
   */
  compare(patch: GoldenSet, tensor: Pick<Tensor, 'name' | 'data'>): Comparison | undefined {
    const key = prefixOf(patch) + tensor.name;
    if (!this.#file.get(key)) return undefined;
    const right = this.#file.float32(key);
    const n = tensor.data.length;
    const shape = this.#file.metadata[key];
    const size = shape ? shape.split(',').reduce((a, b) => a * Number(b), 1) : right.length;
    const sampled = right.length === Math.min(size, SAMPLES) && right.length < size;
    let worst = size === n && (sampled || right.length === n) ? 0 : Infinity;
    let scale = 0;
    for (let k = 0; k < right.length; k++) {
      const at = sampled ? Math.floor((k * n) / right.length) : k;
      const off = Math.abs((tensor.data[at] ?? NaN) - right[k]!);
      if (!(off <= worst)) worst = Number.isNaN(off) ? Infinity : off;
      scale = Math.max(scale, Math.abs(right[k]!));
    }
    return { name: tensor.name, worst, scale, count: right.length, within: worst <= 1e-3 * (1 + scale) };
  }
}

/** Names of what a model is fed: not compared, since it is the same by being given. */
export function fedNames(of: Blueprint): readonly string[] {
  return inputsOf(of)
    .filter(({ role }) => role !== 'intervention')
    .map(({ name }) => name);
}

/** How many pictures and texts at once the references of a set belong to; the texts are a variant. */
export function checkSizes(
  golden: Golden,
  of: Blueprint,
  set?: string,
): { readonly batch: number; readonly variant: Variant } {
  const counted = inputsOf(of).flatMap(({ name, texts }) =>
    texts ? [[texts.field, golden.batchOf(set, name)] as const] : [],
  );
  // Of a network that is fed no picture, how many of what it is fed first.
  const fed = pixelInputOf(of) ?? inputsOf(of).find(({ dims, texts }) => dims[0] === 'B' && !texts);
  return { batch: golden.batchOf(set, fed?.name), variant: Object.fromEntries(counted) };
}

/** What the model is fed in a check: the inputs that its references belong to, and the variant that takes them. */
export function checkInputs(
  golden: Golden,
  of: Blueprint,
  patch: number | undefined,
): { readonly batch: number; readonly variant: Variant; readonly inputs: InputValues } {
  if (patch !== undefined) return { batch: 1, variant: { patch }, inputs: { x: golden.input } };
  const inputs = fedNames(of).flatMap((name) => {
    const values = golden.inputOf(name);
    return values ? [[name, values] as const] : [];
  });
  return { ...checkSizes(golden, of), inputs: Object.fromEntries(inputs) };
}
