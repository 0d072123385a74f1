/** An 8-bit picture, rows from the top, four bytes a pixel (red, green, blue, alpha), as `ImageData` has it. */
export interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}
