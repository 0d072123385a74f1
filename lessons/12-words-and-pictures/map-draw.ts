import type { Camera, Room } from '#lib/whole/camera.ts';
import { toScreen } from '#lib/whole/camera.ts';
import type { GroupMark } from './groups.ts';

type Point = readonly [x: number, y: number];

/** A mark about a place of the canvas, `r` pixels from its middle to its edge. */
export function drawMark(
  ctx: CanvasRenderingContext2D,
  form: GroupMark['form'],
  [x, y]: Point,
  r: number,
): void {
  ctx.beginPath();
  switch (form) {
    case 'disc':
      ctx.arc(x, y, r, 0, 2 * Math.PI);
      return ctx.fill();
    case 'ring':
      ctx.arc(x, y, r * 0.8, 0, 2 * Math.PI);
      return ctx.stroke();
    case 'square':
      return ctx.fillRect(x - 0.85 * r, y - 0.85 * r, 1.7 * r, 1.7 * r);
    case 'bar':
      return ctx.fillRect(x - r, y - 0.45 * r, 2 * r, 0.9 * r);
    case 'triangle':
      ctx.moveTo(x, y - 1.1 * r);
      ctx.lineTo(x + r, y + 0.8 * r);
      ctx.lineTo(x - r, y + 0.8 * r);
      return ctx.fill();
    case 'diamond':
      ctx.moveTo(x, y - 1.2 * r);
      ctx.lineTo(x + r, y);
      ctx.lineTo(x, y + 1.2 * r);
      ctx.lineTo(x - r, y);
      return ctx.fill();
    case 'cross':
      ctx.moveTo(x - 0.8 * r, y - 0.8 * r);
      ctx.lineTo(x + 0.8 * r, y + 0.8 * r);
      ctx.moveTo(x + 0.8 * r, y - 0.8 * r);
      ctx.lineTo(x - 0.8 * r, y + 0.8 * r);
      return ctx.stroke();
  }
}

/** What a map shows. */
export interface MapScene {
  /** `[n, 2]` in units of the drawing. */
  readonly places: ArrayLike<number>;
  /** The mark of each, and whether its group is shown. */
  readonly markOf: (index: number) => GroupMark;
  readonly shown: (index: number) => boolean;
  readonly camera: Camera;
  readonly room: Room;
  /** Height of the word, in CSS pixels. */
  readonly letters: number;
  readonly colour: (name: string) => string;
  /** Draws a sign into a square of the canvas; false where its picture is not here. */
  readonly sign: (index: number, x: number, y: number, side: number) => boolean;
  readonly chosen: number | undefined;
  readonly word:
    { readonly at: Point; readonly label: string; readonly nearest: readonly number[] } | undefined;
}

/** Signs in sight from which on they are drawn as pictures. */
const FEW = 140;

/** Draws a map: marks, or pictures once few signs are in sight; over them the word with lines to its nearest signs. */
export function drawMap(ctx: CanvasRenderingContext2D, scene: MapScene): void {
  const { places, camera, room, colour, word, chosen } = scene;
  ctx.clearRect(0, 0, room.width, room.height);
  const at = (i: number): Point => toScreen(camera, room, [places[2 * i]!, places[2 * i + 1]!]);
  const inSight: { readonly i: number; readonly p: Point }[] = [];
  for (let i = 0; i < places.length / 2; i++) {
    const p = at(i);
    const seen = p[0] > -20 && p[1] > -20 && p[0] < room.width + 20 && p[1] < room.height + 20;
    if (seen && scene.shown(i)) inSight.push({ i, p });
  }
  const r = Math.min(6, 3 + 0.4 * Math.log2(Math.max(1, 1400 / Math.max(1, inSight.length))));
  const pictures = inSight.length <= FEW;
  ctx.lineWidth = 1.4;
  for (const { i, p } of inSight) {
    if (pictures && scene.sign(i, p[0] - 13, p[1] - 13, 26)) continue;
    const { colour: name, form } = scene.markOf(i);
    ctx.fillStyle = ctx.strokeStyle = colour(name);
    drawMark(ctx, form, p, r);
  }
  if (word) drawWord(ctx, scene, at);
  if (chosen !== undefined) {
    const [x, y] = at(chosen);
    ctx.strokeStyle = colour('ink');
    ctx.lineWidth = 2;
    ctx.strokeRect(x - 15, y - 15, 30, 30);
  }
}

function drawWord(
  ctx: CanvasRenderingContext2D,
  { word, camera, room, letters, colour }: MapScene,
  at: (i: number) => Point,
): void {
  if (!word) return;
  const [x, y] = toScreen(camera, room, word.at);
  ctx.strokeStyle = colour('accent');
  ctx.lineWidth = 1.5;
  for (const i of word.nearest) {
    const [nx, ny] = at(i);
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(nx, ny);
    ctx.stroke();
  }
  ctx.fillStyle = colour('accent');
  drawMark(ctx, 'diamond', [x, y], 8);
  ctx.font = `650 ${letters}px ${colour('sans')}`;
  ctx.textBaseline = 'middle';
  const wide = ctx.measureText(word.label).width;
  const left = x + 14 + wide > room.width ? x - 14 - wide : x + 14;
  ctx.lineWidth = 4;
  ctx.strokeStyle = colour('panel');
  ctx.strokeText(word.label, left, y);
  ctx.fillText(word.label, left, y);
}
