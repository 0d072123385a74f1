import { lutOf, position, type ColourMap } from '#lib/figures/scales.ts';

/** How strongly a map covers the picture. */
const ALPHA = 0.85;

/** Everything a frame of the board depends on. Lengths in device pixels. */
export interface BoardScene {
  readonly photo: CanvasImageSource | undefined;
  /** Side of the canvas. */
  readonly view: number;
  /** Patches a side, and pixels of the picture a side of one. */
  readonly side: number;
  readonly patch: number;
  /** Place of each patch in the shuffled picture. */
  readonly places: ArrayLike<number>;
  /** 0: in order; 1: shuffled. */
  readonly mixed: number;
  /** A value for every patch. */
  readonly values: ArrayLike<number> | undefined;
  readonly colours: ColourMap;
  readonly selected: number;
  readonly hovered: number;
  readonly ratio: number;
  readonly ink: { readonly paper: string; readonly ink: string; readonly accent: string };
}

/** Upper left corner of a patch on the canvas. */
export function cornerOf(scene: Pick<BoardScene, 'places' | 'side' | 'mixed'>, cell: number, n: number) {
  const { places, side, mixed } = scene;
  const to = places[n] ?? n;
  const between = (a: number, b: number) => (a + (b - a) * mixed) * cell;
  return { x: between(n % side, to % side), y: between(Math.floor(n / side), Math.floor(to / side)) };
}

/** Draws picture, map and outlines; patches on their way lie over those that stay. */
export function drawBoard(ctx: CanvasRenderingContext2D, scene: BoardScene): void {
  const { view, side, patch, photo, values, colours, ratio } = scene;
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, view, view);
  if (side === 0) return;
  const cell = view / side;
  const lut = lutOf(colours.kind, colours.ground);
  ctx.imageSmoothingEnabled = true;
  for (let n = 0; n < side * side; n++) {
    const { x, y } = cornerOf(scene, cell, n);
    // Whole pixels, so that no seam shows between neighbours.
    const [left, top] = [Math.round(x), Math.round(y)];
    const [w, h] = [Math.round(x + cell) - left, Math.round(y + cell) - top];
    if (photo)
      ctx.drawImage(photo, (n % side) * patch, Math.floor(n / side) * patch, patch, patch, left, top, w, h);
    const v = values?.[n];
    if (v === undefined) continue;
    const at = position(colours, v);
    const strength = colours.kind === 'diverging' ? Math.abs(at - 0.5) * 2 : at;
    const word = lut[Math.round(at * 255)] ?? 0;
    const alpha = ALPHA * (0.3 + 0.7 * strength);
    ctx.fillStyle = `rgba(${word & 255}, ${(word >> 8) & 255}, ${(word >> 16) & 255}, ${alpha})`;
    ctx.fillRect(left, top, w, h);
  }
  lines(ctx, scene, cell);
  for (const [n, colour] of [
    [scene.hovered, scene.ink.ink],
    [scene.selected, scene.ink.accent],
  ] as const) {
    if (n < 0 || n >= side * side) continue;
    const { x, y } = cornerOf(scene, cell, n);
    const inset = ratio;
    for (const [style, width] of [
      [scene.ink.paper, 4.5 * ratio],
      [colour, 2 * ratio],
    ] as const) {
      ctx.strokeStyle = style;
      ctx.lineWidth = width;
      ctx.strokeRect(
        Math.max(inset, x),
        Math.max(inset, y),
        Math.min(cell, view - inset - x),
        Math.min(cell, view - inset - y),
      );
    }
  }
}

function lines(ctx: CanvasRenderingContext2D, { view, side, ratio, ink }: BoardScene, cell: number): void {
  ctx.strokeStyle = ink.paper;
  ctx.globalAlpha = 0.55;
  ctx.lineWidth = Math.max(1, Math.min(1.25 * ratio, cell / 14));
  ctx.beginPath();
  for (let i = 1; i < side; i++) {
    const at = Math.round(i * cell);
    ctx.moveTo(at, 0);
    ctx.lineTo(at, view);
    ctx.moveTo(0, at);
    ctx.lineTo(view, at);
  }
  ctx.stroke();
  ctx.globalAlpha = 1;
}
