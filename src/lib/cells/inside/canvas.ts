import { base64, pngOf } from './png.ts';

/** Most pixels of a canvas: 16 million are 64 MB. */
const MOST_PIXELS = 16e6;

/** The part of a canvas's 2D context that Plot uses: pixels put whole, and rectangles of one colour. */
export class Canvas {
  width = 300;
  height = 150;
  fillStyle = '#000';
  #pixels: Uint8ClampedArray | undefined;

  resize(width: number, height: number): void {
    this.width = Math.max(0, Math.floor(width) || 0);
    this.height = Math.max(0, Math.floor(height) || 0);
    this.#pixels = undefined;
  }
  createImageData(width: number, height: number) {
    return { width, height, data: new Uint8ClampedArray(width * height * 4) };
  }
  putImageData(image: { width: number; height: number; data: Uint8ClampedArray }, x = 0, y = 0): void {
    const pixels = this.#all();
    for (let r = 0; r < image.height; r++)
      for (let c = 0; c < image.width; c++)
        this.#put(pixels, x + c, y + r, image.data.subarray((r * image.width + c) * 4));
  }
  fillRect(x: number, y: number, width: number, height: number): void {
    const colour = colourOf(this.fillStyle);
    const pixels = this.#all();
    for (let r = Math.floor(y); r < y + height; r++)
      for (let c = Math.floor(x); c < x + width; c++) this.#put(pixels, c, r, colour);
  }
  toDataURL(): string {
    return `data:image/png;base64,${base64(pngOf(this.width, this.height, this.#all()))}`;
  }
  #all(): Uint8ClampedArray {
    if (this.width * this.height > MOST_PIXELS)
      throw new RangeError('A canvas of a cell has 16 million pixels at the most.');
    this.#pixels ??= new Uint8ClampedArray(this.width * this.height * 4);
    return this.#pixels;
  }
  #put(pixels: Uint8ClampedArray, x: number, y: number, rgba: ArrayLike<number>): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = (y * this.width + x) * 4;
    for (let i = 0; i < 4; i++) pixels[at + i] = rgba[i] ?? 255;
  }
}

/** `#rgb`, `#rrggbb`, `rgb(…)`, `rgba(…)`; black for anything else. */
function colourOf(text: string): number[] {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text)?.[1];
  if (hex) {
    const wide = hex.length === 3 ? [...hex].map((c) => c + c).join('') : hex;
    return [0, 2, 4].map((i) => parseInt(wide.slice(i, i + 2), 16)).concat(255);
  }
  const parts =
    /^rgba?\(([^)]*)\)$/i
      .exec(text)?.[1]
      ?.split(/[\s,/]+/)
      .map(Number) ?? [];
  if (parts.length < 3 || parts.some(Number.isNaN)) return [0, 0, 0, 255];
  return [...parts.slice(0, 3), Math.round((parts[3] ?? 1) * 255)];
}
