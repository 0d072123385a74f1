import { exactEps, type Mixture } from '#lib/diffusion/math/mixture.ts';
import { densityMask, REACH } from './toy-draw.ts';

/** Steps of the training: about twenty seconds on one core of a laptop. */
export const TRAINING_STEPS = 2000;
const ARROWS = 11;

/** The points that the field is drawn at, `[2n]`: the middles of a square grid. */
export const GRID_POINTS = Float64Array.from({ length: 2 * ARROWS * ARROWS }, (_, i) => {
  const [row, col] = [Math.floor((i >> 1) / ARROWS), (i >> 1) % ARROWS];
  const at = ((i % 2 === 0 ? col : ARROWS - 1 - row) + 0.5) / ARROWS;
  return at * 2 * REACH - REACH;
});

export interface LearnColours {
  readonly ground: string;
  readonly exact: string;
  readonly learned: string;
  readonly shade: string;
  readonly points: string;
}

interface Plane {
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels a side. */
  readonly size: number;
  readonly ratio: number;
}

function begin({ context, size, ratio }: Plane, mixture: Mixture, t: number, colours: LearnColours): void {
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = colours.ground;
  context.fillRect(0, 0, size, size);
  context.imageSmoothingEnabled = true;
  context.drawImage(densityMask(mixture, t, colours.shade), 0, 0, size, size);
}

/** Sampled points over the exact density of the data. */
export function drawSamples(
  plane: Plane,
  mixture: Mixture,
  samples: Float64Array | undefined,
  colours: LearnColours,
): void {
  begin(plane, mixture, 0.01, colours);
  const { context, size } = plane;
  const at = (v: number) => (v / (2 * REACH)) * size + size / 2;
  context.fillStyle = colours.points;
  context.globalAlpha = 0.8;
  for (let i = 0; i < (samples?.length ?? 0); i += 2)
    context.fillRect(at(samples![i]!) - 1.25, size - at(samples![i + 1]!) - 1.25, 2.5, 2.5);
  context.globalAlpha = 1;
}

/** The direction −ε̂ at a time, exact and as learned, over the exact density at that time. */
export function drawField(
  plane: Plane,
  mixture: Mixture,
  t: number,
  field: Float64Array | undefined,
  colours: LearnColours,
): void {
  begin(plane, mixture, t, colours);
  const exact = exactEps(mixture, GRID_POINTS, t);
  arrows(plane, exact, colours.exact, 4);
  if (field) arrows(plane, field, colours.learned, 1.5);
}

/** Arrows along −ε, the score's direction; an ε of length 1 is half a cell long. */
function arrows({ context, size }: Plane, eps: Float64Array, colour: string, width: number): void {
  const cell = size / ARROWS;
  context.strokeStyle = colour;
  context.lineWidth = width;
  for (let i = 0; i < eps.length; i += 2) {
    const long = Math.hypot(eps[i]!, eps[i + 1]!);
    const shown = Math.min(0.95, 0.5 * long) * cell;
    if (shown < 0.7) continue;
    const [dx, dy] = [(-eps[i]! / long) * shown, (eps[i + 1]! / long) * shown];
    const x = (GRID_POINTS[i]! / (2 * REACH)) * size + size / 2 + dx / 2;
    const y = size / 2 - (GRID_POINTS[i + 1]! / (2 * REACH)) * size + dy / 2;
    context.beginPath();
    context.moveTo(x - dx, y - dy);
    context.lineTo(x, y);
    const [hx, hy] = [dx * 0.32, dy * 0.32];
    context.moveTo(x - hx - hy * 0.7, y - hy + hx * 0.7);
    context.lineTo(x, y);
    context.lineTo(x - hx + hy * 0.7, y - hy - hx * 0.7);
    context.stroke();
  }
}
