/** What of a plane is seen, in CSS pixels: the size of a cell and the place of the first cell's corner. */
export interface Camera {
  readonly cw: number;
  readonly ch: number;
  readonly x: number;
  readonly y: number;
}

/** The room a plane is drawn in. */
export interface Room {
  readonly rows: number;
  readonly cols: number;
  readonly width: number;
  readonly height: number;
}

/** A plane is never drawn thinner than this; its cells are stretched instead. */
const THIN = 56;
/** The widest a cell grows. */
const WIDEST = 84;

/** The height a plane asks for in a given width: whole, never above `most`, never a hair. */
export function heightFor(rows: number, cols: number, width: number, most: number): number {
  if (rows === 0 || cols === 0 || width === 0) return THIN;
  return Math.round(Math.min(most, Math.max(THIN, Math.min(width / cols, WIDEST) * rows)));
}

/** The camera that shows the whole plane in the middle of its room. */
export function fitCamera(room: Room): Camera {
  const { rows, cols, width, height } = room;
  const s = Math.min(width / Math.max(1, cols), height / Math.max(1, rows), WIDEST);
  const cw = Math.max(s, Math.min(WIDEST, Math.min(THIN, width) / Math.max(1, cols)));
  const ch = Math.max(s, Math.min(WIDEST, Math.min(THIN, height) / Math.max(1, rows)));
  return { cw, ch, x: (width - cw * cols) / 2, y: (height - ch * rows) / 2 };
}

/** The camera held to its room: a plane larger than the room fills it, a smaller one stays in the middle. */
export function holdCamera(camera: Camera, room: Room): Camera {
  const hold = (at: number, size: number, space: number) =>
    size <= space ? (space - size) / 2 : Math.min(0, Math.max(space - size, at));
  return {
    ...camera,
    x: hold(camera.x, camera.cw * room.cols, room.width),
    y: hold(camera.y, camera.ch * room.rows, room.height),
  };
}

/** Enlarges around a point of the room, between the whole plane and cells that hold their numbers. */
export function zoomCamera(camera: Camera, factor: number, x: number, y: number, room: Room): Camera {
  const fit = fitCamera(room);
  const most = Math.max(1, WIDEST / Math.max(fit.cw, fit.ch));
  const now = camera.cw / fit.cw;
  const next = Math.min(most, Math.max(1, now * factor));
  const by = next / now;
  const moved = {
    cw: fit.cw * next,
    ch: fit.ch * next,
    x: x - (x - camera.x) * by,
    y: y - (y - camera.y) * by,
  };
  return holdCamera(moved, room);
}

/** The camera moved so far that a cell lies in the room. */
export function revealCell(camera: Camera, room: Room, row: number, col: number): Camera {
  const shift = (at: number, cell: number, index: number, space: number) => {
    const from = at + index * cell;
    if (from < 0) return at - from;
    return from + cell > space ? at - (from + cell - space) : at;
  };
  const x = shift(camera.x, camera.cw, col, room.width);
  const y = shift(camera.y, camera.ch, row, room.height);
  return holdCamera({ ...camera, x, y }, room);
}

/** The cell under a point of the room, or undefined beside the plane. */
export function cellAt(
  camera: Camera,
  room: Room,
  x: number,
  y: number,
): { row: number; col: number } | undefined {
  const col = Math.floor((x - camera.x) / camera.cw);
  const row = Math.floor((y - camera.y) / camera.ch);
  return row >= 0 && col >= 0 && row < room.rows && col < room.cols ? { row, col } : undefined;
}
