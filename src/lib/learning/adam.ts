/** Adam over one flat array of parameters. Source: Kingma & Ba 2015, algorithm 1. */
export class Adam {
  readonly #first: Float32Array;
  readonly #second: Float32Array;
  readonly #beta1: number;
  readonly #beta2: number;
  readonly #eps: number;
  #steps = 0;

  /** @param size number of parameters */
  constructor(size: number, { beta1 = 0.9, beta2 = 0.99, eps = 1e-8 } = {}) {
    this.#first = new Float32Array(size);
    this.#second = new Float32Array(size);
    this.#beta1 = beta1;
    this.#beta2 = beta2;
    this.#eps = eps;
  }

  /** One step: writes to `parameters`. @param rate learning rate, above 0 */
  step(parameters: Float32Array, gradient: Float32Array, rate: number): void {
    this.#steps++;
    const [b1, b2] = [this.#beta1, this.#beta2];
    const one = 1 - b1 ** this.#steps;
    const two = 1 - b2 ** this.#steps;
    for (let i = 0; i < parameters.length; i++) {
      const g = gradient[i]!;
      const m = (this.#first[i] = b1 * this.#first[i]! + (1 - b1) * g);
      const v = (this.#second[i] = b2 * this.#second[i]! + (1 - b2) * g * g);
      parameters[i]! -= (rate * m) / one / (Math.sqrt(v / two) + this.#eps);
    }
  }
}
