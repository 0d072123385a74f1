import { computing, unfilled } from './computing.ts';

/** Pixels a side of the small picture by which two moments of a canvas are told apart. */
const SMALL = 24;
/** Milliseconds between two looks, and looks that must be equal. */
const PAUSE = 150;
const EQUAL = 3;
/** Milliseconds after which a part without values is taken to wait for the reader. */
const WAITS = 4000;

/** What an element shows, as far as two moments of it are to be told apart: its words, its shapes, its pixels. */
function seen(element: HTMLElement, small: CanvasRenderingContext2D): string {
  const parts = [element.innerHTML];
  for (const canvas of element.querySelectorAll('canvas')) {
    if (canvas.width === 0 || canvas.height === 0) continue;
    small.clearRect(0, 0, SMALL, SMALL);
    small.drawImage(canvas, 0, 0, SMALL, SMALL);
    parts.push(small.getImageData(0, 0, SMALL, SMALL).data.join());
  }
  return parts.join('\n');
}

/**
 * Waits until nothing is computed and a figure has stopped moving. False if that has not come about in time: something is
 * still being computed, or can't be.
 * @param most milliseconds
 * @throws DOMException AbortError
 */
export async function stageRests(card: HTMLElement, most: number, signal: AbortSignal): Promise<boolean> {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SMALL;
  const small = canvas.getContext('2d', { willReadFrequently: true });
  if (!small) return false;
  const until = performance.now() + most;
  let last: string | undefined;
  let quiet = performance.now();
  for (let equal = 0; equal < EQUAL;) {
    await new Promise((done) => setTimeout(done, PAUSE));
    signal.throwIfAborted();
    const time = performance.now();
    const busy = computing(card);
    if (busy) quiet = time;
    const filled = !busy && (!unfilled(card) || time - quiet > WAITS);
    const now = filled ? seen(card, small) : undefined;
    equal = now !== undefined && now === last ? equal + 1 : 0;
    last = now;
    if (time > until) return !busy;
  }
  return true;
}
