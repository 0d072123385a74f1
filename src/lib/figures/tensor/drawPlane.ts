import type { CanvasSize } from '../draw/canvas.ts';
import { formatValue } from '#lib/base/format.ts';
import { colourAt, INFINITY_COLOUR, NAN_COLOUR, position, type ColourMap } from '../scales.ts';
import type { Camera } from './camera.ts';
import type { Plane } from './plane.ts';

interface Cell {
  readonly row: number;
  readonly col: number;
}

export interface PlaneScene {
  /** One pixel a cell; undefined while it is being made. */
  readonly bitmap: HTMLCanvasElement | undefined;
  readonly data: Float32Array;
  readonly plane: Plane;
  readonly map: ColourMap;
  readonly camera: Camera;
  readonly size: CanvasSize;
  readonly cursor: Cell | undefined;
  readonly selected: Cell | undefined;
  readonly colours: {
    readonly ink: string;
    readonly paper: string;
    readonly accent: string;
    readonly mono: string;
  };
}

/** Cells hold their numbers from this size on, in CSS pixels. */
const WORDS = { width: 42, height: 17 };
/** Cells are set apart by a line from this size on. */
const LINES = 10;

/** Places the plane's bitmap by the camera, then lines, numbers and the cursor where there is room. */
export function drawPlane(ctx: CanvasRenderingContext2D, scene: PlaneScene): void {
  const { camera, size, plane, bitmap } = scene;
  ctx.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
  ctx.clearRect(0, 0, size.width, size.height);
  if (bitmap && bitmap.width === plane.cols && bitmap.height === plane.rows) {
    const col0 = Math.max(0, Math.floor(-camera.x / camera.cw));
    const row0 = Math.max(0, Math.floor(-camera.y / camera.ch));
    const col1 = Math.min(plane.cols, Math.ceil((size.width - camera.x) / camera.cw));
    const row1 = Math.min(plane.rows, Math.ceil((size.height - camera.y) / camera.ch));
    ctx.imageSmoothingEnabled = camera.cw * size.ratio < 1 || camera.ch * size.ratio < 1;
    ctx.imageSmoothingQuality = 'medium';
    if (col1 > col0 && row1 > row0) {
      ctx.drawImage(
        bitmap,
        col0,
        row0,
        col1 - col0,
        row1 - row0,
        camera.x + col0 * camera.cw,
        camera.y + row0 * camera.ch,
        (col1 - col0) * camera.cw,
        (row1 - row0) * camera.ch,
      );
      if (camera.cw >= LINES && camera.ch >= LINES) lines(ctx, scene, row0, row1, col0, col1);
      if (camera.cw >= WORDS.width && camera.ch >= WORDS.height) words(ctx, scene, row0, row1, col0, col1);
    }
  }
  if (scene.selected) frame(ctx, scene, scene.selected, true);
  if (scene.cursor) frame(ctx, scene, scene.cursor, false);
}

function lines(
  ctx: CanvasRenderingContext2D,
  scene: PlaneScene,
  row0: number,
  row1: number,
  col0: number,
  col1: number,
): void {
  const { camera, size } = scene;
  ctx.strokeStyle = scene.colours.paper;
  ctx.globalAlpha = 0.6;
  ctx.lineWidth = 1 / size.ratio;
  ctx.beginPath();
  const left = camera.x + col0 * camera.cw;
  const right = camera.x + col1 * camera.cw;
  const top = camera.y + row0 * camera.ch;
  const bottom = camera.y + row1 * camera.ch;
  for (let col = col0 + 1; col < col1; col++) {
    ctx.moveTo(camera.x + col * camera.cw, top);
    ctx.lineTo(camera.x + col * camera.cw, bottom);
  }
  for (let row = row0 + 1; row < row1; row++) {
    ctx.moveTo(left, camera.y + row * camera.ch);
    ctx.lineTo(right, camera.y + row * camera.ch);
  }
  ctx.stroke();
  ctx.globalAlpha = 1;
}

function words(
  ctx: CanvasRenderingContext2D,
  scene: PlaneScene,
  row0: number,
  row1: number,
  col0: number,
  col1: number,
): void {
  const { camera, plane, data, map } = scene;
  const font = Math.min(13, camera.cw / 5.2, camera.ch / 1.5);
  ctx.font = `500 ${font}px ${scene.colours.mono}`;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  for (let row = row0; row < row1; row++) {
    for (let col = col0; col < col1; col++) {
      const v = data[plane.offset + row * plane.cols + col];
      if (v === undefined) continue;
      ctx.fillStyle = isLight(v, map) ? '#000d' : '#fffe';
      ctx.fillText(
        formatValue(v, 3),
        camera.x + (col + 0.5) * camera.cw,
        camera.y + (row + 0.54) * camera.ch,
      );
    }
  }
}

/** Whether dark letters read better on a value's colour. */
export function isLight(v: number, map: ColourMap): boolean {
  const colour = Number.isFinite(v)
    ? colourAt(map.kind, map.ground, position(map, v))
    : Number.isNaN(v)
      ? NAN_COLOUR
      : INFINITY_COLOUR;
  const [r = 0, g = 0, b = 0] = colour.startsWith('#')
    ? [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16))
    : (colour.match(/\d+/g) ?? []).map(Number);
  return 0.3 * r + 0.59 * g + 0.11 * b > 128;
}

function frame(ctx: CanvasRenderingContext2D, scene: PlaneScene, cell: Cell, strong: boolean): void {
  const { camera, size } = scene;
  // a cell too small to be framed is framed with its neighbours' room
  const w = Math.max(camera.cw, 5);
  const h = Math.max(camera.ch, 5);
  const x = camera.x + (cell.col + 0.5) * camera.cw - w / 2;
  const y = camera.y + (cell.row + 0.5) * camera.ch - h / 2;
  const keep = (v: number, most: number) => Math.min(most - 1.5, Math.max(1.5, v));
  const left = keep(x, size.width);
  const top = keep(y, size.height);
  const right = keep(x + w, size.width);
  const bottom = keep(y + h, size.height);
  ctx.lineJoin = 'round';
  ctx.lineWidth = 4;
  ctx.strokeStyle = scene.colours.paper;
  ctx.strokeRect(left, top, right - left, bottom - top);
  ctx.lineWidth = 2;
  ctx.strokeStyle = strong ? scene.colours.accent : scene.colours.ink;
  ctx.strokeRect(left, top, right - left, bottom - top);
}
