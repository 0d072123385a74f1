import { SampleSheet } from '#lib/notebook/judged/sample-sheet.svelte.ts';
import { BOOK_MEASURED } from './book-measured.ts';
import { bookRoom, type BookPictures } from './book-room.ts';

/** The codebook as pictures, fetched once, and cut into its codes. Reactive. */
class BookSheet implements BookPictures {
  readonly #sheet = BOOK_MEASURED && new SampleSheet(BOOK_MEASURED.sheet.file);
  #cut: { readonly of: ImageBitmap; readonly tiles: Float32Array[] | undefined } | undefined;

  get fault() {
    return this.#sheet?.fault;
  }
  retry(): void {
    void this.load();
  }
  async load(): Promise<void> {
    await this.#sheet?.load();
  }
  get bitmap(): ImageBitmap | undefined {
    return this.#sheet?.bitmap;
  }
  get tiles(): readonly Float32Array[] | undefined {
    const { bitmap } = this;
    if (!bitmap || !BOOK_MEASURED) return undefined;
    // No derived value, which would belong to the panel that asked first and end with it.
    if (this.#cut?.of !== bitmap)
      this.#cut = { of: bitmap, tiles: cut(bitmap, BOOK_MEASURED.sheet.tile, BOOK_MEASURED.counts.length) };
    return this.#cut.tiles;
  }
}

function cut(bitmap: ImageBitmap, tile: number, count: number): Float32Array[] | undefined {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return undefined;
  context.drawImage(bitmap, 0, 0);
  const { data, width } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const columns = Math.floor(width / tile);
  return Array.from({ length: count }, (_, code) => {
    const [top, left] = [Math.floor(code / columns) * tile, (code % columns) * tile];
    return Float32Array.from({ length: tile * tile * 3 }, (_value, i) => {
      const [pixel, colour] = [Math.floor(i / 3), i % 3];
      const at = (top + Math.floor(pixel / tile)) * width + left + (pixel % tile);
      return (data[4 * at + colour] ?? 0) / 255;
    });
  });
}

/** The pictures of the stage: one sheet for all its panels. */
export function useBook(): BookPictures {
  const room = bookRoom();
  return (room.pictures ??= new BookSheet());
}
