import type { InputSpec } from '../messages.ts';
import { TensorError } from './tensor-value.ts';

/** A picture as a cell has it: RGBA, row by row, 0 … 255. */
export class PictureValue {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
  /** @throws TensorError where the values are not four a pixel */
  constructor(width: number, height: number, data: ArrayLike<number>) {
    if (data.length !== width * height * 4)
      throw new TensorError(
        `A picture of ${width} × ${height} has ${width * height * 4} values, four a pixel, not ${data.length}.`,
        `${width} × ${height} 的图片有 ${width * height * 4} 个数值，每个像素四个，这里给了 ${data.length} 个。`,
      );
    this.width = width;
    this.height = height;
    this.data = Uint8ClampedArray.from(data);
  }
  /** Red, green, blue and alpha of a pixel. */
  at(row: number, column: number): number[] {
    if (row < 0 || column < 0 || row >= this.height || column >= this.width)
      throw new TensorError(
        `Pixel (${row}, ${column}) is outside of ${this.height} rows and ${this.width} columns.`,
        `像素 (${row}, ${column}) 不在图片之内，图片有 ${this.height} 行 ${this.width} 列。`,
      );
    const start = (row * this.width + column) * 4;
    const { data } = this;
    return [data[start] ?? 0, data[start + 1] ?? 0, data[start + 2] ?? 0, data[start + 3] ?? 0];
  }
  /** Each pixel changed: `fn([r, g, b, a], row, column)` gives three or four values. */
  map(fn: (pixel: number[], row: number, column: number) => readonly number[]): PictureValue {
    const data = new Uint8ClampedArray(this.data.length);
    for (let r = 0; r < this.height; r++)
      for (let c = 0; c < this.width; c++) {
        const [red = 0, green = 0, blue = 0, alpha = 255] = fn(this.at(r, c), r, c);
        const start = (r * this.width + c) * 4;
        data[start] = red;
        data[start + 1] = green;
        data[start + 2] = blue;
        data[start + 3] = alpha;
      }
    return new PictureValue(this.width, this.height, data);
  }
}

/** A control that the page is asked to show. */
export class InputRequest {
  readonly key: string;
  readonly input: InputSpec;
  constructor(key: string, input: InputSpec) {
    this.key = key;
    this.input = input;
  }
}
