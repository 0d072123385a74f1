import { pixelsNow, type PixelsOf } from './pixels.ts';
import { noteScrolled } from './scrolled.ts';

/** What is asked of styles while they are measured: nothing is on its way. */
const AT_REST = '*, *::before, *::after { animation: none !important; transition: none !important }';

/**
 * An element of the page as it is at one moment: its elements and the pixels of its canvases. Cheap (a copy of some
 * hundred elements), so that a page can take one whenever a reader goes on; what costs, writing every look into it, is
 * done where the copy is asked for (`measured`).
 */
export class Frozen {
  readonly #node: HTMLElement;
  readonly #pixels = new Map<HTMLCanvasElement, HTMLCanvasElement | HTMLImageElement>();
  readonly #width: number;
  readonly #height: number;
  readonly #theme: string | undefined;

  constructor(element: HTMLElement) {
    const { width, height } = element.getBoundingClientRect();
    this.#width = width;
    this.#height = height;
    this.#theme = document.documentElement.dataset.theme;
    this.#node = element.cloneNode(true) as HTMLElement;
    // Radio buttons of one name would switch each other off, those of the page among them.
    for (const named of this.#node.querySelectorAll('[name]')) named.removeAttribute('name');
    noteScrolled(element.querySelectorAll('*'), this.#node.querySelectorAll('*'));
    const copies = this.#node.querySelectorAll('canvas');
    element.querySelectorAll('canvas').forEach((canvas, i) => {
      const pixels = pixelsNow(canvas);
      if (pixels) this.#pixels.set(copies[i]!, pixels);
    });
  }

  /** Keeps the pixels as PNG files in place of bitmaps, which take ten times the memory. */
  async shrink(): Promise<void> {
    for (const [canvas, pixels] of this.#pixels) {
      if (!(pixels instanceof HTMLCanvasElement)) continue;
      const blob = await new Promise<Blob | null>((done) => pixels.toBlob(done, 'image/png'));
      if (!blob) continue;
      const image = new Image();
      image.src = URL.createObjectURL(blob);
      // Decoded once, it is there when the page is printed; the address is needed no more.
      const ready = await image.decode().then(
        () => true,
        () => false,
      );
      if (ready) this.#pixels.set(canvas, image);
    }
  }

  /** Gives the files back. */
  drop(): void {
    for (const pixels of this.#pixels.values())
      if (pixels instanceof HTMLImageElement) URL.revokeObjectURL(pixels.src);
    this.#pixels.clear();
  }

  /**
   * Stands in the document for as long as `measure` looks at it: at the size and in the theme it had, beside the element
   * it was made of, so that the same styles hold.
   */
  measured<T>(beside: HTMLElement, measure: (node: HTMLElement, pixelsOf: PixelsOf) => T): T {
    const host = document.createElement('div');
    host.inert = true;
    Object.assign(host.style, {
      position: 'absolute',
      left: '-99999px',
      top: '0',
      display: 'flex',
      flexDirection: 'column',
      width: `${this.#width}px`,
      height: `${this.#height}px`,
    });
    const still = document.createElement('style');
    still.textContent = AT_REST;
    const { dataset } = document.documentElement;
    const theme = dataset.theme;
    if (this.#theme !== undefined) dataset.theme = this.#theme;
    host.append(this.#node);
    beside.append(still, host);
    try {
      return measure(this.#node, (canvas) => this.#pixels.get(canvas));
    } finally {
      still.remove();
      host.remove();
      if (theme !== undefined) dataset.theme = theme;
    }
  }
}
