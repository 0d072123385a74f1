import { getContext, setContext } from 'svelte';
import { SampleSheet } from '#lib/notebook/judged/sample-sheet.svelte.ts';
import { CODE_MEASURED } from './code-measured.ts';

/** The codebook as pictures, fetched once, and cut into its codes. Reactive. */
export class BookSheet {
  readonly #sheet = CODE_MEASURED && new SampleSheet(CODE_MEASURED.sheet.file);

  /** Why it has not come; `load` tries again. */
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
  /** Every code decoded alone, `[tile · tile · 3]` in 0 … 1; undefined until it is here. */
  readonly tiles: readonly Float32Array[] | undefined = $derived.by(() => {
    const { bitmap } = this;
    return bitmap && CODE_MEASURED && cut(bitmap, CODE_MEASURED.sheet.tile, CODE_MEASURED.one.counts.length);
  });
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

const KEY = Symbol('book sheet');
/** Lets the components below share one sheet. */
export const provideBook = (): BookSheet => setContext(KEY, new BookSheet());
/** The sheet of the stage. */
export const useBook = (): BookSheet => getContext<BookSheet | undefined>(KEY) ?? new BookSheet();
