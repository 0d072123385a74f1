import type { CanvasSize } from '#lib/figures/draw/canvas.ts';
import { seenBy, type Camera } from './camera.ts';
import type { Layout } from './layout.ts';
import type { Plate } from './plates.ts';
import { bottom, overlap, right, type Point, type Rect } from './rect.ts';
import type { Surface } from './surface.ts';
import type { Wire } from './wires.ts';

export interface Colours {
  readonly paper: string;
  readonly panel: string;
  readonly ink: string;
  readonly ink2: string;
  readonly rule: string;
  readonly control: string;
  readonly accent: string;
  readonly soft: string;
  readonly sans: string;
  readonly mono: string;
  /** Of a dimension's name. */
  readonly dim: (name: string) => string;
}

/** All that is drawn. */
export interface Scene {
  readonly layout: Layout;
  readonly camera: Camera;
  readonly size: CanvasSize;
  readonly colours: Colours;
  readonly surface: (name: string) => Surface | undefined;
  /** Names of the plates that the reader looks at, and of those they were made from. */
  readonly lit: ReadonlySet<string>;
  /** Groups and tensors the walk speaks of; all else is dimmed. Undefined: nothing is. */
  readonly spoken: readonly Rect[] | undefined;
}

/** Sizes that do not change with the camera, in units of the drawing. */
export const px = (camera: Camera, pixels: number): number => pixels / camera.k;

function rounded(ctx: CanvasRenderingContext2D, r: Rect, radius: number): void {
  ctx.beginPath();
  ctx.roundRect(r.x, r.y, r.width, r.height, Math.min(radius, r.width / 2, r.height / 2));
}

/** A line through corners, each of them rounded. */
export function traced(ctx: CanvasRenderingContext2D, points: readonly Point[], radius: number): void {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (!first || !last) return;
  ctx.beginPath();
  ctx.moveTo(...first);
  for (let i = 0; i < rest.length - 1; i++) {
    const [a, b, c] = [points[i]!, rest[i]!, rest[i + 1]!];
    const room = Math.min(Math.hypot(b[0] - a[0], b[1] - a[1]), Math.hypot(c[0] - b[0], c[1] - b[1])) / 2;
    ctx.arcTo(...b, ...c, Math.min(radius, room));
  }
  ctx.lineTo(...last);
}

/** The head of an arrow at a line's end. */
function head(ctx: CanvasRenderingContext2D, points: readonly Point[], size: number): void {
  const [a, b] = points.slice(-2);
  if (!a || !b) return;
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
  const [dx, dy] = [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
  ctx.beginPath();
  ctx.moveTo(...b);
  ctx.lineTo(b[0] - dx * size - dy * size * 0.55, b[1] - dy * size + dx * size * 0.55);
  ctx.lineTo(b[0] - dx * size + dy * size * 0.55, b[1] - dy * size - dx * size * 0.55);
  ctx.closePath();
  ctx.fill();
}

function frames(ctx: CanvasRenderingContext2D, { layout, camera, colours }: Scene, seen: Rect): void {
  for (const frame of layout.frames) {
    if (!overlap(frame, seen)) continue;
    ctx.fillStyle = colours.panel;
    rounded(ctx, frame, Math.max(layout.gap * 0.6, px(camera, 6)));
    ctx.fill();
  }
}

/** The beds of the residual stream, and the stream between blocks: one pale band through the whole model. */
function streams(ctx: CanvasRenderingContext2D, { layout, colours, camera }: Scene): void {
  const tall = layout.frames.find((f) => f.stream)?.stream?.height ?? 64;
  ctx.strokeStyle = colours.rule;
  ctx.lineJoin = 'round';
  ctx.lineCap = 'butt';
  ctx.lineWidth = Math.max(Math.min(tall * 0.3, layout.gap), px(camera, 1.5));
  for (const wire of layout.wires) {
    if (wire.kind !== 'stream') continue;
    traced(ctx, wire.points, layout.gap);
    ctx.stroke();
  }
  ctx.fillStyle = colours.rule;
  for (const { stream } of layout.frames) {
    if (!stream) continue;
    const band = Math.min(tall * 0.3, layout.gap);
    ctx.fillRect(stream.x, stream.y + (stream.height - band) / 2, stream.width, band);
  }
}

const isLit = ({ from, to }: Wire, lit: ReadonlySet<string>) => lit.has(from) && lit.has(to);

function wires(ctx: CanvasRenderingContext2D, scene: Scene, seen: Rect): void {
  const { layout, camera, colours, lit } = scene;
  const thin = Math.min(Math.max(layout.gap * 0.035, px(camera, 1)), px(camera, 3));
  // From afar the tensors are looked at, not the lines between them.
  const faint = Math.min(0.8, Math.max(0.3, (layout.gap * camera.k) / 30));
  for (const wire of layout.wires) {
    if (wire.kind === 'stream') continue;
    const chosen = isLit(wire, lit);
    if (wire.kind === 'far' && !chosen) continue;
    const xs = wire.points.map((p) => p[0]);
    const ys = wire.points.map((p) => p[1]);
    const [x, y] = [Math.min(...xs), Math.min(...ys)];
    const box = { x: x - 1, y: y - 1, width: Math.max(...xs) - x + 2, height: Math.max(...ys) - y + 2 };
    if (!overlap(box, seen)) continue;
    const skip = wire.kind === 'long';
    ctx.strokeStyle = ctx.fillStyle = chosen ? colours.accent : skip ? colours.ink2 : colours.control;
    ctx.globalAlpha = chosen ? 1 : skip ? 0.9 : faint;
    ctx.lineWidth = (chosen || skip ? 2 : 1) * thin;
    traced(ctx, wire.points, layout.gap * 0.4);
    ctx.stroke();
    const arrow = Math.min(layout.gap * 0.36, px(camera, 11));
    if (arrow * camera.k > 3) head(ctx, wire.points, arrow);
  }
  ctx.globalAlpha = 1;
}

/** A plate: its values where they are here, else its outline. A line or a dot is drawn thicker than it is where it could not be seen. */
function plate(ctx: CanvasRenderingContext2D, scene: Scene, p: Plate): void {
  const { camera, colours, lit } = scene;
  const surface = scene.surface(p.name);
  const weight = p.kind === 'weight';
  const least = px(camera, 1.25);
  const fat = (r: Rect): Rect => ({
    x: r.x,
    width: Math.max(r.width, least),
    y: r.height < least ? r.y - (least - r.height) / 2 : r.y,
    height: Math.max(r.height, least),
  });
  if (surface) {
    const { rows, cols } = p.tiles[0]!;
    ctx.imageSmoothingEnabled = camera.k * scene.size.ratio < 1;
    ctx.imageSmoothingQuality = 'medium';
    p.tiles.forEach((t, i) => {
      const at = fat(t);
      ctx.drawImage(surface.bitmap, 0, i * rows, cols, rows, at.x, at.y, at.width, at.height);
    });
  } else {
    ctx.fillStyle = weight ? colours.panel : colours.paper;
    for (const t of p.tiles) {
      const at = fat(t);
      ctx.fillRect(at.x, at.y, at.width, at.height);
    }
  }
  const chosen = lit.has(p.name);
  if (!chosen && surface && !weight) return;
  ctx.strokeStyle = chosen ? colours.accent : colours.control;
  ctx.globalAlpha = chosen || !surface ? 1 : 0.8;
  ctx.lineWidth = px(camera, chosen ? 2 : p.width * camera.k < 40 ? 0.5 : 1);
  for (const t of p.tiles) {
    const at = fat(t);
    ctx.strokeRect(at.x, at.y, at.width, at.height);
  }
  ctx.globalAlpha = 1;
}

/** Everything but what the walk speaks of, and the words under it, goes back a step. */
export function paintDimmed(ctx: CanvasRenderingContext2D, scene: Scene): void {
  const { spoken, colours, camera, layout, size } = scene;
  if (!spoken?.length) return;
  worldOf(ctx, scene);
  const seen = seenBy(camera, size);
  const words = Math.min(px(camera, 38), layout.gap);
  const around = Math.min(px(camera, 9), layout.gap * 0.45);
  ctx.save();
  // What lies outside every one of them: one clip after the other.
  for (const r of spoken) {
    ctx.beginPath();
    ctx.rect(seen.x, seen.y, seen.width, seen.height);
    const height = r.height + around + Math.max(around, words);
    ctx.roundRect(r.x - around, r.y - around, r.width + 2 * around, height, around);
    ctx.clip('evenodd');
  }
  ctx.fillStyle = colours.paper;
  ctx.globalAlpha = 0.7;
  ctx.fillRect(seen.x, seen.y, seen.width, seen.height);
  ctx.restore();
}

/** Sets the canvas to units of the drawing. */
export function worldOf(
  ctx: CanvasRenderingContext2D,
  { camera, size }: Pick<Scene, 'camera' | 'size'>,
): void {
  const s = camera.k * size.ratio;
  const dx = size.width * size.ratio * 0.5 - camera.x * s;
  const dy = size.height * size.ratio * 0.5 - camera.y * s;
  ctx.setTransform(s, 0, 0, s, dx, dy);
}

/** The drawing without its words. */
export function paintScene(ctx: CanvasRenderingContext2D, scene: Scene): void {
  const { layout, camera, size } = scene;
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
  worldOf(ctx, scene);
  const seen = seenBy(camera, size);
  frames(ctx, scene, seen);
  streams(ctx, scene);
  wires(ctx, scene, seen);
  for (const p of layout.plates) {
    const near = { x: p.x - 4, y: p.y - 4, width: right(p) - p.x + 8, height: bottom(p) - p.y + 8 };
    if (overlap(near, seen)) plate(ctx, scene, p);
  }
}
