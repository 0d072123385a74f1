import { SaidError } from './said-error.ts';

/** Thrown by the helpers; its message is for the reader. */
export class TensorError extends SaidError {
  override readonly name = 'TensorError';
}

/** A dimension by its number, from the end where negative, or by its name where only one has it. */
export type Dim = number | string;
/** Of one dimension: an index, a stretch `[from, to)`, or all of it. Negative numbers count from the end. */
export type Cut = number | readonly [from: number, to: number] | null | undefined | ':';

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/**
 * A tensor as a cell has it: flat values, row-major, with named dimensions, and small helpers that each give a new one.
 * Nothing of it is shared with the page.
 */
export class TensorValue {
  readonly name: string;
  /** Sizes, outermost first. */
  readonly shape: readonly number[];
  /** Names of the dimensions, as many as sizes. */
  readonly dims: readonly string[];
  /** All values, row-major. */
  readonly values: Float32Array;

  /** @throws TensorError where the values are not as many as the shape says */
  constructor(shape: readonly number[], values: ArrayLike<number>, dims?: readonly string[], name = '') {
    if (!Array.isArray(shape) || shape.some((n) => !Number.isInteger(n) || n < 0))
      throw new TensorError(
        'A shape is a list of whole numbers from 0 up, such as [3, 197].',
        '形状是一列从 0 起的整数，例如 [3, 197]。',
      );
    const data = values instanceof Float32Array ? values : Float32Array.from(values);
    if (sizeOf(shape) !== data.length)
      throw new TensorError(
        `The shape [${shape.join(', ')}] has ${sizeOf(shape)} places, but there are ${data.length} values.`,
        `形状 [${shape.join(', ')}] 有 ${sizeOf(shape)} 个位置，给出的数值却有 ${data.length} 个。`,
      );
    if (dims && dims.length !== shape.length)
      throw new TensorError(
        `The shape has ${shape.length} dimensions, but there are ${dims.length} names.`,
        `形状有 ${shape.length} 个维度，给出的名字却有 ${dims.length} 个。`,
      );
    this.shape = Object.freeze([...shape]);
    this.dims = Object.freeze(dims ? [...dims] : shape.map(() => ''));
    this.values = data;
    this.name = name;
  }

  /** How many values there are. */
  get size(): number {
    return this.values.length;
  }

  /** One value, by an index for each dimension. @throws TensorError outside of the tensor */
  at(...index: number[]): number {
    if (index.length !== this.shape.length)
      throw new TensorError(
        `at() takes ${this.shape.length} indices, one for each of [${this.shape.join(', ')}], not ${index.length}.`,
        `at() 需要 ${this.shape.length} 个下标，[${this.shape.join(', ')}] 的每个维度一个，这里给了 ${index.length} 个。`,
      );
    let place = 0;
    index.forEach((i, k) => (place = place * (this.shape[k] ?? 1) + this.#index(i, k)));
    return this.values[place] ?? NaN;
  }

  /** A part: an index leaves its dimension out, `[from, to]` keeps a stretch, `null` or `':'` keeps all. */
  slice(...cuts: Cut[]): TensorValue {
    if (cuts.length > this.shape.length)
      throw new TensorError(
        `slice() takes ${this.shape.length} cuts at the most, one for each of [${this.shape.join(', ')}].`,
        `slice() 最多取 ${this.shape.length} 项，[${this.shape.join(', ')}] 的每个维度一项。`,
      );
    const stretches = this.shape.map((size, k) => this.#stretch(cuts[k], size, k));
    const kept = stretches.flatMap(({ one }, k) => (one ? [] : [k]));
    const out = new Float32Array(sizeOf(stretches.map(({ from, to }) => to - from)));
    const strides = stridesOf(this.shape);
    let next = 0;
    const walk = (k: number, place: number) => {
      const { from, to } = stretches[k] ?? { from: 0, to: 1 };
      const stride = strides[k] ?? 1;
      if (k >= this.shape.length - 1) {
        out.set(this.values.subarray(place + from, place + to), next);
        next += to - from;
        return;
      }
      for (let i = from; i < to; i++) walk(k + 1, place + i * stride);
    };
    if (out.length > 0) walk(0, 0);
    const shape = kept.map((k) => (stretches[k]?.to ?? 0) - (stretches[k]?.from ?? 0));
    return new TensorValue(
      shape,
      out,
      kept.map((k) => this.dims[k] ?? ''),
      this.name,
    );
  }

  /** Mean of all values, or along one dimension. */
  mean(): number;
  mean(dim: Dim): TensorValue;
  mean(dim?: Dim): number | TensorValue {
    if (dim === undefined) return this.sum() / this.size;
    const n = this.shape[this.#dim(dim)] ?? 1;
    return this.sum(dim).map((v) => v / n);
  }
  /** Sum of all values, or along one dimension. */
  sum(): number;
  sum(dim: Dim): TensorValue;
  sum(dim?: Dim): number | TensorValue {
    return this.#reduce(dim, 0, (a, b) => a + b);
  }
  /** Greatest of all values, or along one dimension. */
  max(): number;
  max(dim: Dim): TensorValue;
  max(dim?: Dim): number | TensorValue {
    return this.#reduce(dim, -Infinity, Math.max);
  }
  /** Least of all values, or along one dimension. */
  min(): number;
  min(dim: Dim): TensorValue;
  min(dim?: Dim): number | TensorValue {
    return this.#reduce(dim, Infinity, Math.min);
  }

  /** Where the greatest value is: its flat index, or along one dimension its index there. The first of equals. */
  argmax(): number;
  argmax(dim: Dim): TensorValue;
  argmax(dim?: Dim): number | TensorValue {
    const best = (at: (i: number) => number, n: number) => {
      let most = 0;
      for (let i = 1; i < n; i++) if (at(i) > at(most)) most = i;
      return most;
    };
    if (dim === undefined) return best((i) => this.values[i] ?? NaN, this.size);
    return this.#along(this.#dim(dim), (row, n) => [best(row, n)]);
  }

  /** softmax(x / temperature) along one dimension, the last by default. */
  softmax(dim: Dim = -1, temperature = 1): TensorValue {
    return this.#along(this.#dim(dim), (row, n) => {
      let most = -Infinity;
      for (let i = 0; i < n; i++) most = Math.max(most, row(i));
      const e = Array.from({ length: n }, (_, i) => Math.exp((row(i) - most) / temperature));
      const sum = e.reduce((a, b) => a + b, 0);
      return e.map((v) => v / sum);
    });
  }

  /** Every value changed: `fn(value, flat index)`. */
  map(fn: (value: number, index: number) => number): TensorValue {
    return new TensorValue(this.shape, this.values.map(fn), this.dims, this.name);
  }
  /** With a number, or place by place with a tensor of the same shape. */
  plus(other: number | TensorValue): TensorValue {
    return this.#with(other, (a, b) => a + b);
  }
  minus(other: number | TensorValue): TensorValue {
    return this.#with(other, (a, b) => a - b);
  }
  times(other: number | TensorValue): TensorValue {
    return this.#with(other, (a, b) => a * b);
  }

  /** The same values in another shape. One size may be −1: it follows from the others. */
  reshape(shape: readonly number[], dims?: readonly string[]): TensorValue {
    const known = shape.filter((n) => n >= 0).reduce((a, b) => a * b, 1);
    const whole = shape.map((n) => (n === -1 ? this.size / known : n));
    return new TensorValue(whole, this.values, dims, this.name);
  }
  /** The last two dimensions changed places. @throws TensorError where it is told others: it knows these two alone */
  transpose(...others: unknown[]): TensorValue {
    if (others.length > 0)
      throw new TensorError(
        'transpose() changes the last two dimensions, and takes nothing between its brackets.',
        'transpose() 交换最后两个维度，括号里不写任何东西。',
      );
    const [rows, cols] = [this.shape.at(-2) ?? 1, this.shape.at(-1) ?? 1];
    if (this.shape.length < 2)
      throw new TensorError('transpose() needs two dimensions.', 'transpose() 至少需要两个维度。');
    const out = new Float32Array(this.size);
    for (let start = 0; start < this.size; start += rows * cols)
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < cols; c++) out[start + c * rows + r] = this.values[start + r * cols + c] ?? 0;
    const turn = <T>(list: readonly T[]) => [...list.slice(0, -2), ...list.slice(-2).reverse()];
    return new TensorValue(turn(this.shape), out, turn(this.dims), this.name);
  }
  /** Product of two matrices, `[n, k]` and `[k, m]`. */
  matmul(other: TensorValue): TensorValue {
    const [n = 0, k = 0] = this.shape;
    const [k2 = 0, m = 0] = other.shape;
    if (this.shape.length !== 2 || other.shape.length !== 2 || k !== k2)
      throw new TensorError(
        `matmul() takes [n, k] and [k, m], not ${this.#said()} and ${other.#said()}.`,
        `matmul() 的两个形状应为 [n, k] 和 [k, m]，这里是 ${this.#said()} 和 ${other.#said()}。`,
      );
    const out = new Float32Array(n * m);
    for (let r = 0; r < n; r++)
      for (let i = 0; i < k; i++) {
        const a = this.values[r * k + i] ?? 0;
        for (let c = 0; c < m; c++)
          out[r * m + c] = (out[r * m + c] ?? 0) + a * (other.values[i * m + c] ?? 0);
      }
    return new TensorValue([n, m], out, [this.dims[0] ?? '', other.dims[1] ?? '']);
  }

  /** Nested arrays: `[[1, 2], [3, 4]]`; a tensor without dimensions is its number. */
  toArray(): unknown {
    const nest = (k: number, from: number): unknown => {
      if (k === this.shape.length) return this.values[from];
      const stride = stridesOf(this.shape)[k] ?? 1;
      return Array.from({ length: this.shape[k] ?? 0 }, (_, i) => nest(k + 1, from + i * stride));
    };
    return nest(0, 0);
  }
  /** The parts along the first dimension; of a vector its numbers. */
  *[Symbol.iterator](): Generator<TensorValue | number> {
    const [n = 0] = this.shape;
    for (let i = 0; i < n; i++) yield this.shape.length === 1 ? (this.values[i] ?? NaN) : this.slice(i);
  }
  /** As a text what it is; as a number its one value. @throws TensorError where it has several: `*` knows numbers alone */
  [Symbol.toPrimitive](hint: string): string | number {
    if (hint === 'string') return this.toString();
    const [value] = this.values;
    if (this.size === 1 && value !== undefined) return value;
    throw new TensorError(
      `JavaScript reckons with numbers, and this is a tensor ${this.#said()}. Write t.plus(u), t.minus(u), t.times(2), or t.map(v => v ** 2) for anything else.`,
      `JavaScript 的运算符只能用于数，而这是形状为 ${this.#said()} 的张量。请写 t.plus(u)、t.minus(u)、t.times(2)，其他运算写 t.map(v => v ** 2)。`,
    );
  }
  toString(): string {
    const head = [...this.values.slice(0, 6)].map((v) => Number(v.toPrecision(4))).join(', ');
    return `Tensor ${this.name && `${this.name} `}${this.#said()} ${head}${this.size > 6 ? ', …' : ''}`;
  }

  #said(): string {
    return `[${this.shape.join(', ')}]`;
  }
  #dim(dim: Dim): number {
    if (typeof dim === 'number') {
      const k = dim < 0 ? this.shape.length + dim : dim;
      if (Number.isInteger(k) && k >= 0 && k < this.shape.length) return k;
      throw new TensorError(
        `There is no dimension ${dim} in ${this.#said()}; they are numbered 0 to ${this.shape.length - 1}.`,
        `${this.#said()} 没有第 ${dim} 维；各维的编号是 0 到 ${this.shape.length - 1}。`,
      );
    }
    const having = this.dims.flatMap((name, k) => (name === dim ? [k] : []));
    const [k] = having;
    if (k !== undefined && having.length === 1) return k;
    const names = this.dims.map((name) => `“${name}”`);
    throw new TensorError(
      having.length > 1
        ? `${having.length} dimensions are named “${dim}”; say which by its number: ${having.join(' or ')}.`
        : `No dimension is named “${dim}”; they are ${names.join(', ')}.`,
      having.length > 1
        ? `有 ${having.length} 个维度都叫“${dim}”，请用编号指明是哪一个：${having.join(' 或 ')}。`
        : `没有叫“${dim}”的维度，各维的名字是${names.join('、')}。`,
    );
  }
  #index(i: number, k: number): number {
    const size = this.shape[k] ?? 0;
    const place = i < 0 ? size + i : i;
    if (Number.isInteger(place) && place >= 0 && place < size) return place;
    throw new TensorError(
      `Index ${i} is outside of dimension ${k}${this.dims[k] && ` (${this.dims[k]})`}, which has ${size} places.`,
      `下标 ${i} 超出了第 ${k} 维${this.dims[k] && `（${this.dims[k]}）`}，这一维有 ${size} 个位置。`,
    );
  }
  #stretch(cut: Cut, size: number, k: number): { from: number; to: number; one: boolean } {
    if (cut === null || cut === undefined || cut === ':') return { from: 0, to: size, one: false };
    if (typeof cut === 'number') {
      const at = this.#index(cut, k);
      return { from: at, to: at + 1, one: true };
    }
    const [from, to] = [cut[0] < 0 ? size + cut[0] : cut[0], cut[1] < 0 ? size + cut[1] : cut[1]];
    if (Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= size)
      return { from, to, one: false };
    throw new TensorError(
      `The stretch [${cut[0]}, ${cut[1]}] is not inside dimension ${k}, which has ${size} places.`,
      `区间 [${cut[0]}, ${cut[1]}] 不在第 ${k} 维之内，这一维有 ${size} 个位置。`,
    );
  }
  #reduce(dim: Dim | undefined, start: number, fn: (a: number, b: number) => number): number | TensorValue {
    if (dim === undefined) {
      let all = start;
      for (const value of this.values) all = fn(all, value);
      return all;
    }
    const k = this.#dim(dim);
    const n = this.shape[k] ?? 1;
    const inner = stridesOf(this.shape)[k] ?? 1;
    const outer = n * inner === 0 ? 0 : this.size / (n * inner);
    const all = new Float64Array(outer * inner).fill(start);
    for (let o = 0, at = 0; o < outer; o++)
      for (let i = 0; i < n; i++)
        for (let j = o * inner; j < (o + 1) * inner; j++) all[j] = fn(all[j] ?? 0, this.values[at++] ?? 0);
    const without = <T>(list: readonly T[]) => list.filter((_, i) => i !== k);
    return new TensorValue(without(this.shape), Float32Array.from(all), without(this.dims), this.name);
  }
  /** Each row along a dimension made anew; rows of one value leave the dimension out. */
  #along(k: number, make: (row: (i: number) => number, n: number) => readonly number[]): TensorValue {
    const n = this.shape[k] ?? 1;
    const inner = stridesOf(this.shape)[k] ?? 1;
    const rows = n === 0 ? 0 : this.size / n;
    const made: (readonly number[])[] = [];
    for (let r = 0; r < rows; r++) {
      const start = Math.floor(r / inner) * inner * n + (r % inner);
      made.push(make((i) => this.values[start + i * inner] ?? NaN, n));
    }
    const m = made[0]?.length ?? 0;
    const out = new Float32Array(rows * m);
    made.forEach((row, r) =>
      row.forEach((v, i) => (out[Math.floor(r / inner) * inner * m + (r % inner) + i * inner] = v)),
    );
    if (m === n && n > 1) return new TensorValue(this.shape, out, this.dims, this.name);
    const without = <T>(list: readonly T[]) => list.filter((_, i) => i !== k);
    return m <= 1
      ? new TensorValue(without(this.shape), out, without(this.dims), this.name)
      : new TensorValue(
          this.shape.map((s, i) => (i === k ? m : s)),
          out,
          this.dims,
          this.name,
        );
  }
  #with(other: number | TensorValue, fn: (a: number, b: number) => number): TensorValue {
    if (typeof other === 'number') return this.map((v) => fn(v, other));
    if (other.shape.join() !== this.shape.join())
      throw new TensorError(
        `Both must have the same shape, not ${this.#said()} and ${other.#said()}.`,
        `两者的形状必须相同，这里是 ${this.#said()} 和 ${other.#said()}。`,
      );
    return this.map((v, i) => fn(v, other.values[i] ?? NaN));
  }
}

function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let k = shape.length - 2; k >= 0; k--) strides[k] = (strides[k + 1] ?? 1) * (shape[k + 1] ?? 1);
  return strides;
}
