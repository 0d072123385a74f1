import { formatValue } from '#lib/base/format.ts';
import type { Lang } from '#lib/base/lang.ts';
import { isLight } from '#lib/figures/tensor/drawPlane.ts';
import type { Branch } from './block.ts';
import { seenBy, toScreen } from './camera.ts';
import type { Scene } from './paint.ts';
import type { Plate } from './plates.ts';
import { bottom, overlap, type Point, type Rect } from './rect.ts';

/** Words of the drawing. */
export interface Words {
  readonly lang: Lang;
  /** What a group is called. */
  readonly group: (id: string) => string;
  /** What a branch of a block is called, by the part of the names its tensors share. */
  readonly branch: (name: string) => string;
  /** Beside it: what it holds of its block. */
  readonly branchShare: (of: Branch, group: string) => string;
  /** Beside a group's name: what it holds. */
  readonly share: (id: string) => string;
}

interface Pen {
  readonly ctx: CanvasRenderingContext2D;
  readonly scene: Scene;
  readonly words: Words;
}

const font = (pen: Pen, size: number, weight: number, family: 'sans' | 'mono') =>
  `${weight} ${size}px ${pen.scene.colours[family]}`;

/** Writes within a width, or what fits of it; returns how wide it came. */
function write({ ctx }: Pen, text: string, [x, y]: Point, most: number): number {
  let shown = text;
  while (shown.length > 1 && ctx.measureText(shown).width > most) shown = `${shown.slice(0, -2)}…`;
  if (shown.length <= 1 && text.length > 1) return 0;
  ctx.fillText(shown, x, y);
  return ctx.measureText(shown).width;
}

/** The names of groups, and of their branches once there is room. */
function groups(pen: Pen): void {
  const { ctx, scene, words } = pen;
  const { layout, camera, size, colours } = scene;
  const seen = seenBy(camera, size);
  for (const frame of layout.frames) {
    if (!overlap(frame, seen)) continue;
    const [x, y] = toScreen(camera, size, [frame.x, frame.y]);
    const strip = frame.title * camera.k;
    const letters = Math.min(22, Math.max(10, strip * 0.5));
    // A frame that begins outside keeps its name in sight.
    const left = Math.max(x + Math.min(16, Math.max(7, strip * 0.5)), 10);
    const room = x + frame.width * camera.k - left - 8;
    if (room < 34 || strip < 7) continue;
    ctx.textBaseline = 'middle';
    ctx.textAlign = 'left';
    ctx.font = font(pen, letters, 650, 'sans');
    ctx.fillStyle = colours.ink;
    const line = y + strip * 0.52;
    const used = write(pen, words.group(frame.id), [left, line], room);
    ctx.font = font(pen, letters * 0.82, 450, 'sans');
    ctx.fillStyle = colours.ink2;
    // From afar it would be said twelve times over.
    if (strip > 17 && room - used > 90)
      write(pen, words.share(frame.id), [left + used + letters * 0.9, line], room - used - letters);
  }
}

/** Sizes in the colours of their dimensions; returns how wide they came. */
function shape(pen: Pen, { shape: sizes, dims }: Plate, [x, y]: Point, most: number): number {
  const { ctx, scene } = pen;
  const parts = sizes.flatMap((n, i) => [
    ...(i > 0 ? [{ text: '×', colour: scene.colours.ink2 }] : []),
    { text: String(n), colour: scene.colours.dim(dims[i] ?? '') },
  ]);
  const width = parts.reduce((sum, p) => sum + ctx.measureText(p.text).width, 0);
  if (width > most) return 0;
  let at = x;
  for (const { text, colour } of parts) {
    ctx.fillStyle = colour;
    ctx.fillText(text, at, y);
    at += ctx.measureText(text).width;
  }
  return width;
}

/** Pixels from which a tensor's name is written under it, and its shape and range with it. */
const NAMED = 58;
const DESCRIBED = 120;

/** A tensor's name without its block's. */
export const shortName = (name: string, group: string): string =>
  name.startsWith(`${group}.`) ? name.slice(group.length + 1) : name;

function plates(pen: Pen): void {
  const { ctx, scene } = pen;
  const { layout, camera, size, colours } = scene;
  const seen = seenBy(camera, size);
  const gap = layout.gap * camera.k;
  if (gap < 11) return;
  ctx.textBaseline = 'top';
  for (const p of layout.plates) {
    const wide = p.width * camera.k;
    if (wide + gap < NAMED || !overlap({ ...p, height: p.height + layout.gap }, seen)) continue;
    const weight = p.kind === 'weight';
    // Weights lie close over what is made with them: their names stand inside, at the top.
    const inside = weight && p.height * camera.k > 30;
    if (weight && !inside) continue;
    const [x, y] = toScreen(camera, size, [p.x, inside ? p.y : bottom(p)]);
    const letters = Math.min(13, Math.max(10, gap * 0.3));
    const top = y + 4;
    const most = wide + gap * 0.8;
    ctx.textAlign = 'left';
    ctx.font = font(pen, letters, 550, 'mono');
    const name = shortName(p.name, p.group);
    if (inside) {
      const text = wide > 150 ? name : '';
      if (!text) continue;
      const width = Math.min(ctx.measureText(text).width, most) + 10;
      ctx.fillStyle = colours.paper;
      ctx.globalAlpha = 0.86;
      ctx.fillRect(x + 3, y + 3, width, letters + 8);
      ctx.globalAlpha = 1;
      ctx.fillStyle = colours.ink2;
      write(pen, text, [x + 8, y + 7], wide - 12);
      continue;
    }
    ctx.fillStyle = colours.ink;
    const used = write(pen, name, [x, top], most);
    if (wide < DESCRIBED || used === 0) continue;
    const surface = scene.surface(p.name);
    if (gap > letters * 2 + 12) {
      const at = shape(pen, p, [x, top + letters + 4], most);
      if (surface && at > 0) {
        ctx.fillStyle = colours.ink2;
        const range = `${formatValue(surface.stats.min, 3)} … ${formatValue(surface.stats.max, 3)}`;
        if (most - at > ctx.measureText(range).width + 12)
          ctx.fillText(range, x + at + 12, top + letters + 4);
      }
    } else shape(pen, p, [x + used + 10, top], most - used - 10);
  }
}

/** What a branch does, in large pale letters over it. */
function branches(pen: Pen): void {
  const { ctx, scene, words } = pen;
  const { layout, camera, size, colours } = scene;
  const seen = seenBy(camera, size);
  if (layout.gap * camera.k < 9) return;
  ctx.textBaseline = 'bottom';
  ctx.textAlign = 'left';
  for (const frame of layout.frames)
    for (const branch of frame.branches) {
      const text = words.branch(branch.name);
      const wide = branch.width * camera.k;
      if (!text || wide < 90 || !overlap(branch, seen)) continue;
      const letters = Math.min(16, Math.max(10, wide * 0.028));
      // The corner over what comes first (a norm) is free of weights.
      const [x, y] = toScreen(camera, size, [branch.x, frame.y + frame.title]);
      ctx.font = font(pen, letters, 600, 'sans');
      ctx.fillStyle = colours.ink2;
      const used = write(pen, text, [x, y + letters * 1.3], wide);
      ctx.font = font(pen, letters * 0.86, 450, 'sans');
      const share = words.branchShare(branch, frame.id);
      const at: Point = [x + used + letters * 0.8, y + letters * 1.3];
      if (wide - used > 180) write(pen, share, at, wide - used - letters);
    }
}

/** A cell holds its number from this size on, pixels. */
const CELL = 40;

/** The numbers in cells that are large enough, of the plates in sight. */
function numbers(pen: Pen): void {
  const { ctx, scene } = pen;
  const { layout, camera, size, colours } = scene;
  if (camera.k < CELL) return;
  const seen = seenBy(camera, size);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.font = font(pen, Math.min(13, camera.k / 4.6), 500, 'mono');
  for (const p of layout.plates) {
    const surface = scene.surface(p.name);
    if (!surface || !overlap(p, seen)) continue;
    for (const t of p.tiles) {
      const [r0, r1] = ends(t.y, t.rows, seen.y, seen.height);
      const [c0, c1] = ends(t.x, t.cols, seen.x, seen.width);
      for (let r = r0; r < r1; r++)
        for (let c = c0; c < c1; c++) {
          const v = surface.tensor.data[t.offset + r * t.rowStride + c * t.colStride];
          if (v === undefined) continue;
          const light = surface.map ? isLight(v, surface.map) : v > 0;
          ctx.fillStyle = light ? '#000d' : '#fffe';
          if (t.planes) ctx.fillStyle = colours.ink;
          const [x, y] = toScreen(camera, size, [t.x + c + 0.5, t.y + r + 0.54]);
          if (!t.planes) ctx.fillText(formatValue(v, 3), x, y);
        }
    }
  }
}
const ends = (at: number, count: number, from: number, room: number): [number, number] => [
  Math.max(0, Math.floor(from - at)),
  Math.min(count, Math.ceil(from + room - at)),
];

/** Rectangles around cells: those something is computed from, and the cell itself. */
export function paintCells(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  from: readonly Rect[],
  cell: Rect | undefined,
): void {
  const { camera, size, colours } = scene;
  ctx.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
  const frame = (r: Rect, strong: boolean) => {
    const [x, y] = toScreen(camera, size, [r.x, r.y]);
    const [w, h] = [Math.max(r.width * camera.k, 3), Math.max(r.height * camera.k, 3)];
    ctx.lineJoin = 'round';
    ctx.strokeStyle = colours.paper;
    ctx.lineWidth = 4;
    ctx.strokeRect(x, y, w, h);
    ctx.strokeStyle = strong ? colours.ink : colours.accent;
    ctx.lineWidth = 2;
    ctx.strokeRect(x, y, w, h);
  };
  for (const r of from) frame(r, false);
  if (cell) frame(cell, true);
}

/** The words of the drawing, in pixels of the window. */
export function paintWords(ctx: CanvasRenderingContext2D, scene: Scene, words: Words): void {
  const { ratio } = scene.size;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  const pen: Pen = { ctx, scene, words };
  groups(pen);
  branches(pen);
  plates(pen);
  numbers(pen);
}
