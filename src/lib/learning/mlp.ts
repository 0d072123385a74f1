import { normals } from '#lib/diffusion/math/noise.ts';

/** One linear layer: weights `[in, out]` and biases `[out]`, both as parts of one flat array. */
interface Layer {
  readonly rows: number;
  readonly cols: number;
  /** Where its weights begin in the flat array; its biases follow them. */
  readonly at: number;
}

/** What a forward pass keeps for the backward pass: the input of each layer, and what came out of it before SiLU. */
interface Kept {
  readonly inputs: readonly Float32Array[];
  readonly sums: readonly Float32Array[];
}

/**
 * A multilayer perceptron: linear layers with SiLU between them, float32, with the gradient written out.
 * All parameters lie in one flat array, so that an optimiser needs to know nothing of layers.
 */
export class Mlp {
  readonly widths: readonly number[];
  readonly parameters: Float32Array;
  /** As long as `parameters`; written by {@link backward}. */
  readonly gradient: Float32Array;
  readonly #layers: readonly Layer[];
  #kept: Kept | undefined;

  /**
   * Weights are drawn from N(0, 1/in) (the last layer's `last` times as large), biases are 0.
   * @param widths input, hidden …, output
   * @param seed whole, 0 or more
   */
  constructor(widths: readonly number[], seed: number, last = 0.1) {
    this.widths = widths;
    let at = 0;
    this.#layers = widths.slice(1).map((cols, i) => {
      const layer = { rows: widths[i]!, cols, at };
      at += layer.rows * cols + cols;
      return layer;
    });
    this.parameters = new Float32Array(at);
    this.gradient = new Float32Array(at);
    this.#layers.forEach(({ rows, cols, at: from }, i) => {
      const scale = (i === this.#layers.length - 1 ? last : 1) / Math.sqrt(rows);
      this.parameters.set(
        normals(seed, 0, rows * cols, i).map((v) => v * scale),
        from,
      );
    });
  }

  /** x `[n, in]` to `[n, out]`; keeps what the backward pass needs when asked to. */
  forward(x: Float32Array, keep = false): Float32Array {
    const n = x.length / this.widths[0]!;
    const inputs: Float32Array[] = [];
    const sums: Float32Array[] = [];
    let now = x;
    this.#layers.forEach((layer, i) => {
      inputs.push(now);
      const sum = this.#linear(layer, now, n);
      sums.push(sum);
      now = i === this.#layers.length - 1 ? sum : sum.map(silu);
    });
    this.#kept = keep ? { inputs, sums } : undefined;
    return now;
  }

  /**
   * Writes the gradient of a loss by all parameters into `gradient`.
   * @param out the loss's derivative by the output of the last kept forward pass, `[n, out]`
   * @returns the loss's derivative by the input, `[n, in]`, for what the input was made by
   * @throws Error without a kept forward pass
   */
  backward(out: Float32Array): Float32Array {
    const kept = this.#kept;
    if (!kept) throw new Error('backward needs a forward pass that was kept');
    const { parameters: weights, gradient } = this;
    gradient.fill(0);
    let down = out;
    for (let l = this.#layers.length - 1; l >= 0; l--) {
      const { rows, cols, at } = this.#layers[l]!;
      const x = kept.inputs[l]!;
      const n = down.length / cols;
      const back = new Float32Array(n * rows);
      const bias = at + rows * cols;
      for (let k = 0; k < n; k++) {
        const from = k * cols;
        for (let j = 0; j < cols; j++) gradient[bias + j]! += down[from + j]!;
        for (let i = 0; i < rows; i++) {
          const value = x[k * rows + i]!;
          const w = at + i * cols;
          let sum = 0;
          for (let j = 0; j < cols; j++) {
            const d = down[from + j]!;
            gradient[w + j]! += value * d;
            sum += weights[w + j]! * d;
          }
          back[k * rows + i] = sum;
        }
      }
      const before = kept.sums[l - 1];
      if (before) for (let i = 0; i < back.length; i++) back[i]! *= siluSlope(before[i]!);
      down = back;
    }
    return down;
  }

  #linear({ rows, cols, at }: Layer, x: Float32Array, n: number): Float32Array {
    const out = new Float32Array(n * cols);
    const w = this.parameters;
    const bias = at + rows * cols;
    for (let k = 0; k < n; k++) {
      const to = k * cols;
      for (let j = 0; j < cols; j++) out[to + j] = w[bias + j]!;
      for (let i = 0; i < rows; i++) {
        const value = x[k * rows + i]!;
        const from = at + i * cols;
        for (let j = 0; j < cols; j++) out[to + j]! += value * w[from + j]!;
      }
    }
    return out;
  }
}

/** x · σ(x). Source: Hendrycks & Gimpel 2016, Elfwing et al. 2018. */
function silu(x: number): number {
  return x / (1 + Math.exp(-x));
}

function siluSlope(x: number): number {
  const s = 1 / (1 + Math.exp(-x));
  return s * (1 + x * (1 - s));
}
