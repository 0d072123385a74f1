import { HELD_VIEWS } from './collapse-data.ts';
import { EQUATOR, seenAt } from './collapse-globe.ts';
import { WIDTH } from './collapse-ways.ts';

export interface CollapseColours {
  readonly ground: string;
  readonly rim: string;
  /** One for each group. */
  readonly groups: readonly string[];
}

interface Plane {
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels a side. */
  readonly width: number;
  readonly ratio: number;
}

/** The plane of the data reaches so far from its middle. */
const REACH = 2.4;
/** Part of the half side that the sphere's radius has. */
const RADIUS = 0.94;

function begin({ context, width, ratio }: Plane, ground: string): void {
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.globalAlpha = 1;
  context.fillStyle = ground;
  context.fillRect(0, 0, width, width);
}

function dot(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

const colourOf = (view: number, { groups }: CollapseColours) => groups[HELD_VIEWS.groups[view >> 1]!]!;

/** The held-out views in the plane. */
export function drawPlane(plane: Plane, colours: CollapseColours): void {
  begin(plane, colours.ground);
  const { context, width } = plane;
  const { x } = HELD_VIEWS;
  const half = width / 2;
  for (let r = 0; 2 * r < x.length; r++) {
    context.fillStyle = colourOf(r, colours);
    dot(context, half * (1 + x[2 * r]! / REACH), half * (1 - x[2 * r + 1]! / REACH), width * 0.011);
  }
}

/** Their embeddings on the sphere, what lies behind smaller and fainter. @param turn degrees */
export function drawGlobe(
  plane: Plane,
  colours: CollapseColours,
  embeddings: Float32Array | undefined,
  turn: number,
): void {
  begin(plane, colours.ground);
  const { context, width } = plane;
  const half = width / 2;
  const radius = RADIUS * half;
  context.strokeStyle = colours.rim;
  for (const high of [1, EQUATOR]) {
    context.beginPath();
    context.ellipse(half, half, radius, radius * high, 0, 0, 2 * Math.PI);
    context.stroke();
  }
  if (!embeddings) return;
  const at = (r: number, k: number) => embeddings[r * WIDTH + k]!;
  const seen = Array.from({ length: embeddings.length / WIDTH }, (_, r) => ({
    r,
    ...seenAt(at(r, 0), at(r, 1), at(r, 2), turn),
  })).sort((a, b) => a.depth - b.depth);
  for (const { r, x, y, depth } of seen) {
    context.fillStyle = colourOf(r, colours);
    context.globalAlpha = depth < 0 ? 0.45 : 1;
    dot(context, half + radius * x, half + radius * y, width * (depth < 0 ? 0.01 : 0.015));
  }
  context.globalAlpha = 1;
}
