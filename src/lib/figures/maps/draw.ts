import { placeOf, type GridLayout } from './layout.ts';
import type { SmallMap } from './paint.ts';

/** Pictures of maps, pixel for pixel, side by side on one canvas. */
export interface Atlas {
  readonly canvas: HTMLCanvasElement;
  /** Width and height of a tile, and tiles a line. */
  readonly width: number;
  readonly height: number;
  readonly across: number;
  /** Pixels of a tile a cell is wide: 1, or less where maps are finer than the screen. */
  readonly scale: number;
  /** Tile of each map by id. */
  readonly tiles: ReadonlyMap<string, number>;
}

export interface GridColours {
  readonly ink: string;
  readonly ink2: string;
  readonly paper: string;
  readonly panel: string;
  readonly accent: string;
  readonly label: string;
  readonly sans: string;
  readonly mono: string;
}

export interface GridDrawing {
  readonly maps: readonly SmallMap[];
  readonly atlas: Atlas | undefined;
  readonly layout: GridLayout;
  readonly colours: GridColours;
  readonly ratio: number;
  /** Height of words, in CSS pixels. */
  readonly letters: number;
  readonly selected: string | undefined;
  /** The map under the cursor or the keyboard's. */
  readonly pointed: string | undefined;
  /** Cell of every map that is outlined, e.g. the one that asks. */
  readonly marked: number;
  /** Cell under the cursor. */
  readonly cell: number;
  readonly rowLabels: readonly string[];
  readonly columnLabels: readonly string[];
  readonly words: boolean;
  /** Where a map lay before it moves to its place, and how far it has come, 0…1. */
  readonly from: ReadonlyMap<string, { x: number; y: number }>;
  readonly moved: number;
}

function outline(
  ctx: CanvasRenderingContext2D,
  [x, y, w, h]: readonly [number, number, number, number],
  colour: string,
  under: string,
  width: number,
): void {
  for (const [colourOf, line] of [
    [under, width + 2],
    [colour, width],
  ] as const) {
    ctx.strokeStyle = colourOf;
    ctx.lineWidth = line;
    ctx.strokeRect(x, y, w, h);
  }
}

/** Where a map is now: in its place, or on its way there. */
export function whereIs(d: GridDrawing, k: number): { x: number; y: number } {
  const to = placeOf(d.layout, k);
  const was = d.from.get(d.maps[k]!.id);
  if (!was || d.moved >= 1) return to;
  return { x: was.x + (to.x - was.x) * d.moved, y: was.y + (to.y - was.y) * d.moved };
}

function drawCell(
  ctx: CanvasRenderingContext2D,
  d: GridDrawing,
  map: SmallMap,
  at: { x: number; y: number },
  cell: number,
  colour: string,
): void {
  if (cell < 0 || cell >= map.rows * map.cols) return;
  const w = d.layout.width / map.cols;
  const h = d.layout.height / map.rows;
  const grow = Math.max(0, 3.5 - w) / 2;
  const x = at.x + (cell % map.cols) * w - grow;
  const y = at.y + Math.floor(cell / map.cols) * h - grow;
  outline(ctx, [x, y, w + 2 * grow, h + 2 * grow], colour, d.colours.paper, 1.25);
}

/** Draws the whole grid; the canvas is already scaled to the screen's pixels. */
export function drawGrid(ctx: CanvasRenderingContext2D, d: GridDrawing): void {
  const { layout, colours, maps, atlas } = d;
  ctx.setTransform(d.ratio, 0, 0, d.ratio, 0, 0);
  ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
  const { width, height } = layout;
  ctx.textBaseline = 'alphabetic';
  maps.forEach((map, k) => {
    const at = whereIs(d, k);
    const tile = atlas?.tiles.get(map.id);
    // Smaller than its cells a map is averaged by the canvas, larger its cells stay squares.
    const cells = map.cols * (atlas?.scale ?? 1);
    ctx.imageSmoothingEnabled = width * d.ratio < cells;
    ctx.imageSmoothingQuality = 'medium';
    if (atlas && tile !== undefined) {
      const sx = (tile % atlas.across) * atlas.width;
      const sy = Math.floor(tile / atlas.across) * atlas.height;
      ctx.drawImage(atlas.canvas, sx, sy, cells, map.rows * atlas.scale, at.x, at.y, width, height);
    } else {
      ctx.fillStyle = colours.panel;
      ctx.fillRect(at.x, at.y, width, height);
    }
    if (d.words) drawWords(ctx, d, map, at);
    drawCell(ctx, d, map, at, d.marked, colours.accent);
  });
  maps.forEach((map, k) => {
    const chosen = map.id === d.selected;
    if (!chosen && map.id !== d.pointed) return;
    const at = whereIs(d, k);
    outline(
      ctx,
      [at.x - 1.5, at.y - 1.5, width + 3, height + 3],
      chosen ? colours.accent : colours.ink,
      colours.panel,
      2,
    );
    if (map.id === d.pointed) drawCell(ctx, d, map, at, d.cell, colours.ink);
  });
  drawHeadings(ctx, d);
}

function drawWords(
  ctx: CanvasRenderingContext2D,
  { layout, colours, letters, selected }: GridDrawing,
  map: SmallMap,
  at: { x: number; y: number },
): void {
  const y = at.y + layout.height + letters + 1;
  const chosen = map.id === selected;
  let left = 0;
  if (map.label) {
    ctx.font = `${chosen ? 700 : 600} ${letters}px ${colours.sans}`;
    ctx.fillStyle = chosen ? colours.accent : colours.label;
    ctx.textAlign = 'left';
    ctx.fillText(map.label, at.x, y, layout.width);
    left = ctx.measureText(map.label).width + 1;
  }
  if (map.note === undefined) return;
  ctx.font = `500 ${letters - 0.5}px ${colours.mono}`;
  if (left + ctx.measureText(map.note).width > layout.width + 1) return;
  ctx.fillStyle = colours.ink2;
  ctx.textAlign = 'right';
  ctx.fillText(map.note, at.x + layout.width, y);
}

function drawHeadings(
  ctx: CanvasRenderingContext2D,
  { layout, colours, letters, rowLabels, columnLabels }: GridDrawing,
): void {
  ctx.font = `600 ${letters}px ${colours.sans}`;
  ctx.fillStyle = colours.ink2;
  ctx.textAlign = 'right';
  rowLabels.slice(0, layout.rows).forEach((word, r) => {
    const { y } = placeOf(layout, r * layout.columns);
    ctx.fillText(word, layout.left - 8, y + layout.height / 2 + letters * 0.36, layout.left - 8);
  });
  ctx.textAlign = 'center';
  columnLabels.slice(0, layout.columns).forEach((word, c) => {
    const { x } = placeOf(layout, c);
    ctx.fillText(word, x + layout.width / 2, layout.top - 6, layout.pitchX);
  });
}
