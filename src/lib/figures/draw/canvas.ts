/** The size of a canvas in CSS pixels, how many device pixels each of them holds, and how much larger than on a page words are. */
export interface CanvasSize {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  /** `--type` of `tokens.css` where the canvas is: 1, and more in a slide show. */
  readonly type: number;
}

/** Words of a slide are this high at least, in CSS pixels. */
const FROM_AFAR = 13;

/**
 * The size of words on a canvas, in CSS pixels.
 * @param size that they have on a page
 * @param type of CanvasSize
 */
export function lettersOf(size: number, type: number): number {
  return type > 1 ? Math.max(FROM_AFAR, size * type) : size;
}

/** `--type` where an element is; 1 where none is said. */
const typeAt = (element: Element) => Number(getComputedStyle(element).getPropertyValue('--type')) || 1;

/**
 * Keeps a canvas's bitmap as fine as the screen: follows its CSS size and the device's pixel ratio.
 * `onsize` is called after each change, with the bitmap already resized (and therefore cleared).
 * Returns the function that stops it.
 */
export function fitCanvas(canvas: HTMLCanvasElement, onsize: (size: CanvasSize) => void): () => void {
  const apply = (width: number, height: number) => {
    const ratio = Math.min(window.devicePixelRatio || 1, 3);
    const w = Math.max(1, Math.round(width * ratio));
    const h = Math.max(1, Math.round(height * ratio));
    if (canvas.width !== w) canvas.width = w;
    if (canvas.height !== h) canvas.height = h;
    if (width > 0 && height > 0) onsize({ width, height, ratio, type: typeAt(canvas) });
  };
  const observer = new ResizeObserver((entries) => {
    const box = entries.at(-1)?.contentRect;
    if (box) apply(box.width, box.height);
  });
  observer.observe(canvas);
  let media: MediaQueryList | undefined;
  const ratioChanged = () => {
    media?.removeEventListener('change', ratioChanged);
    media = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    media.addEventListener('change', ratioChanged);
    apply(canvas.clientWidth, canvas.clientHeight);
  };
  ratioChanged();
  return () => {
    observer.disconnect();
    media?.removeEventListener('change', ratioChanged);
  };
}

/** Where a pointer is, in CSS pixels from the element's upper left corner. */
export function pointerAt(event: PointerEvent | WheelEvent, element: Element): { x: number; y: number } {
  const box = element.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

/** A picture as anything that carries RGBA bytes. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** A canvas that holds the picture pixel for pixel, to be drawn from. */
export function bitmapOf(picture: Picture): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = picture.width;
  canvas.height = picture.height;
  const image = new ImageData(picture.width, picture.height);
  image.data.set(picture.data);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}
