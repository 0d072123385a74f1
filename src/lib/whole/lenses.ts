import { formatPercent } from '#lib/base/format.ts';
import { toScreen } from './camera.ts';
import type { Lens } from './frame.ts';
import type { Scene } from './paint.ts';

/** A class and its probability. */
export interface Likely {
  readonly label: string;
  readonly value: number;
}

/** Classes that are written out at the end. */
export const LIKELIEST = 5;

/** The likeliest classes, the likeliest first. */
export function likeliest(probs: Float32Array, label: (index: number) => string): readonly Likely[] {
  return Array.from(probs, (value, index) => ({ value, index }))
    .sort((a, b) => b.value - a.value)
    .slice(0, LIKELIEST)
    .map(({ value, index }) => ({ value, label: label(index) }));
}

/** A picture drawn large, its pixels as squares. */
function picture(ctx: CanvasRenderingContext2D, scene: Scene, lens: Lens): void {
  const { camera, size, colours } = scene;
  const [x, y] = toScreen(camera, size, [lens.x, lens.y]);
  const side = lens.width * camera.k;
  const surface = scene.surface(lens.of);
  ctx.fillStyle = colours.paper;
  ctx.fillRect(x, y, side, side);
  if (!surface) return;
  ctx.imageSmoothingEnabled = side * size.ratio < surface.bitmap.width;
  ctx.drawImage(surface.bitmap, x, y, side, side);
}

/** The likeliest classes with their bars. */
function classes(ctx: CanvasRenderingContext2D, scene: Scene, lens: Lens, list: readonly Likely[]): void {
  const { camera, size, colours } = scene;
  const [x, y] = toScreen(camera, size, [lens.x, lens.y]);
  const [wide, row] = [lens.width * camera.k, (lens.height * camera.k) / LIKELIEST];
  const letters = Math.min(row * 0.34, wide * 0.09, 40);
  if (letters < 5) return;
  ctx.textBaseline = 'alphabetic';
  list.forEach(({ label, value }, i) => {
    const top = y + i * row;
    ctx.fillStyle = colours.rule;
    ctx.fillRect(x, top + row * 0.62, wide, row * 0.14);
    ctx.fillStyle = i === 0 ? colours.accent : colours.control;
    ctx.fillRect(x, top + row * 0.62, wide * value, row * 0.14);
    ctx.fillStyle = i === 0 ? colours.ink : colours.ink2;
    ctx.font = `${i === 0 ? 650 : 450} ${letters}px ${colours.sans}`;
    ctx.textAlign = 'right';
    const percent = formatPercent(value);
    ctx.fillText(percent, x + wide, top + row * 0.5);
    const room = wide - ctx.measureText(percent).width - letters;
    ctx.textAlign = 'left';
    let text = label;
    while (text.length > 1 && ctx.measureText(text).width > room) text = `${text.slice(0, -2)}…`;
    ctx.fillText(text, x, top + row * 0.5);
  });
}

/** What is drawn larger than one unit a cell: the picture at the beginning, the answer at the end. */
export function paintLenses(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  answer: { readonly name: string; readonly kind: string; readonly list: readonly Likely[] | undefined },
  title: (of: string) => string,
): void {
  const { ratio } = scene.size;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  for (const lens of scene.layout.lenses) {
    if (lens.of !== answer.name || answer.kind !== 'classes') picture(ctx, scene, lens);
    else if (answer.list) classes(ctx, scene, lens, answer.list);
    titled(ctx, scene, lens, title(lens.of));
  }
}

/** What it is, in its upper corner, where there is room. */
function titled(ctx: CanvasRenderingContext2D, scene: Scene, lens: Lens, text: string): void {
  const { camera, size, colours } = scene;
  const letters = Math.min(14, lens.width * camera.k * 0.05);
  if (!text || letters < 10) return;
  const [x, y] = toScreen(camera, size, [lens.x, lens.y]);
  ctx.font = `500 ${letters}px ${colours.sans}`;
  const wide = ctx.measureText(text).width;
  ctx.globalAlpha = 0.88;
  ctx.fillStyle = colours.paper;
  ctx.fillRect(x, y, wide + 16, letters + 12);
  ctx.globalAlpha = 1;
  ctx.fillStyle = colours.ink;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'top';
  ctx.fillText(text, x + 8, y + 6);
}
