import { scoreAt, VP, type Mixture } from '#lib/diffusion/math/mixture.ts';
import { flowAt, type ToyRun } from './toy.ts';

/** Half the side of the square of the plane that is drawn. */
export const REACH = 2.4;
/** Trajectories drawn, and with them their exact ends. */
export const TRAILS = 24;
const CELLS = 48;
const ARROWS = 13;

export interface ToyColours {
  readonly ground: string;
  readonly ink: string;
  readonly quiet: string;
  readonly points: string;
  readonly trail: string;
  readonly exact: string;
}

export interface ToyPicture {
  readonly mixture: Mixture;
  readonly run: ToyRun;
  /** Exact ends `[2n]` of the noise-free path; undefined where the sampler adds noise of its own. */
  readonly exact: Float64Array | undefined;
  /** Steps made, 0 … N; between two whole ones the points lie between two states. */
  readonly at: number;
  readonly arrows: boolean;
}

/** The state at a fractional step, `[2n]`, and its time. */
export function stateAt({ states, times }: ToyRun, at: number): { points: Float64Array; t: number } {
  const low = Math.min(states.length - 1, Math.max(0, Math.floor(at)));
  const part = at - low;
  const a = states[low]!;
  const b = states[low + 1];
  if (!b || part <= 0) return { points: a, t: times[low]! };
  const points = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) points[i] = a[i]! + part * (b[i]! - a[i]!);
  return { points, t: times[low]! + part * (times[low + 1]! - times[low]!) };
}

/** The exact density at a time as an alpha mask, `CELLS` squares a side, its own maximum opaque. */
export function densityMask(mixture: Mixture, t: number, colour: string): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = CELLS;
  const context = canvas.getContext('2d')!;
  context.fillStyle = colour;
  context.fillRect(0, 0, CELLS, CELLS);
  const image = context.getImageData(0, 0, CELLS, CELLS);
  const logs = new Float64Array(CELLS * CELLS);
  let most = -Infinity;
  for (let r = 0; r < CELLS; r++)
    for (let c = 0; c < CELLS; c++) {
      const x = ((c + 0.5) / CELLS) * 2 * REACH - REACH;
      const y = REACH - ((r + 0.5) / CELLS) * 2 * REACH;
      const { log } = scoreAt(mixture, t, x, y);
      logs[r * CELLS + c] = log;
      most = Math.max(most, log);
    }
  for (let i = 0; i < logs.length; i++) image.data[4 * i + 3] = 110 * Math.exp(logs[i]! - most);
  context.putImageData(image, 0, 0);
  return canvas;
}

/** Draws the plane into a square of `size` CSS pixels. */
export function drawToy(
  context: CanvasRenderingContext2D,
  size: number,
  ratio: number,
  picture: ToyPicture,
  colours: ToyColours,
): void {
  const { mixture, run, exact, at, arrows } = picture;
  const { points, t } = stateAt(run, at);
  const px = (v: number) => ((v + REACH) / (2 * REACH)) * size;
  const py = (v: number) => ((REACH - v) / (2 * REACH)) * size;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, size, size);
  context.imageSmoothingEnabled = true;
  context.drawImage(densityMask(mixture, t, colours.exact), 0, 0, size, size);
  if (arrows) drawArrows(context, size, mixture, Math.max(t, 1e-3), px, py, colours.quiet);

  context.fillStyle = colours.points;
  context.globalAlpha = 0.75;
  for (let i = 0; i < points.length; i += 2)
    context.fillRect(px(points[i]!) - 1, py(points[i + 1]!) - 1, 2, 2);
  context.globalAlpha = 1;

  context.strokeStyle = colours.trail;
  context.lineWidth = 1.25;
  const trails = Math.min(TRAILS, points.length / 2);
  for (let n = 0; n < trails; n++) {
    context.beginPath();
    for (let k = 0; k <= Math.min(at, run.states.length - 1); k++) {
      const state = run.states[k]!;
      context.lineTo(px(state[2 * n]!), py(state[2 * n + 1]!));
    }
    context.lineTo(px(points[2 * n]!), py(points[2 * n + 1]!));
    context.stroke();
  }
  if (exact) {
    context.strokeStyle = colours.ink;
    context.lineWidth = 1.5;
    for (let n = 0; n < trails; n++) {
      context.beginPath();
      context.arc(px(exact[2 * n]!), py(exact[2 * n + 1]!), 4, 0, 2 * Math.PI);
      context.stroke();
    }
  }
}

function drawArrows(
  context: CanvasRenderingContext2D,
  size: number,
  mixture: Mixture,
  t: number,
  px: (v: number) => number,
  py: (v: number) => number,
  colour: string,
): void {
  const cell = size / ARROWS;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  // Longest where the flow carries a point across one cell in a tenth of the way that is left.
  const scale = (0.1 * t * size) / (2 * REACH);
  for (let r = 0; r < ARROWS; r++)
    for (let c = 0; c < ARROWS; c++) {
      const x = ((c + 0.5) / ARROWS) * 2 * REACH - REACH;
      const y = REACH - ((r + 0.5) / ARROWS) * 2 * REACH;
      const [u, v] = flowAt(mixture, t, x, y);
      const length = Math.hypot(u, v) * scale;
      if (length < 0.5) continue;
      const shown = Math.min(length, 0.85 * cell);
      const [dx, dy] = [(u / Math.hypot(u, v)) * shown, (-v / Math.hypot(u, v)) * shown];
      const [x1, y1] = [px(x) + dx / 2, py(y) + dy / 2];
      context.beginPath();
      context.moveTo(x1 - dx, y1 - dy);
      context.lineTo(x1, y1);
      const [hx, hy] = [dx * 0.3, dy * 0.3];
      context.moveTo(x1 - hx - hy * 0.7, y1 - hy + hx * 0.7);
      context.lineTo(x1, y1);
      context.lineTo(x1 - hx + hy * 0.7, y1 - hy - hx * 0.7);
      context.stroke();
    }
}

/** ᾱ at a time, for the line under the drawing. */
export const alphaBarAt = (t: number): number => VP.alphaBar(t);
