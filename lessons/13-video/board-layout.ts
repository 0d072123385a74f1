/** A frame on the board: which one, and where its square lies. */
export interface PlacedFrame {
  readonly frame: number;
  /** The tubelets it belongs to: those of this time. */
  readonly time: number;
  readonly x: number;
  readonly y: number;
}
/** A clip laid out: squares of one side, those behind first. */
export interface BoardLayout {
  readonly frames: readonly PlacedFrame[];
  readonly side: number;
  readonly height: number;
}

export interface BoardSizes {
  /** Pixels the board has. */
  readonly width: number;
  readonly frames: number;
  /** Frames of a tubelet. */
  readonly tubelet: number;
  /** `strip`: the times side by side. `block`: all behind one another, the first in front. */
  readonly as: 'strip' | 'block';
}

const GAP = 10;
const TOP = 2;

/** Lays a clip's frames out; frames of one time lie close behind one another. */
export function boardLayout({ width, frames, tubelet, as }: BoardSizes): BoardLayout {
  const times = Math.ceil(frames / tubelet);
  if (as === 'block') {
    // A step within a time is half of one between times.
    const steps = frames - 1 + (tubelet > 1 ? times - 1 : 0);
    const step = Math.max(3, Math.min(14, (0.42 * width) / Math.max(1, steps)));
    const side = Math.floor(Math.min(300, width - step * steps - 2));
    const placed = Array.from({ length: frames }, (_, frame) => {
      const time = Math.floor(frame / tubelet);
      const at = step * (frame + (tubelet > 1 ? time : 0));
      return { frame, time, x: 1 + at, y: TOP + step * steps * 0.5 - at * 0.5 };
    });
    return { frames: placed.reverse(), side, height: Math.ceil(TOP + step * steps * 0.5 + side + 2) };
  }
  const columns = Math.min(times, width < 420 ? 2 : 4);
  const step = Math.min(7, 24 / tubelet);
  const behind = step * (tubelet - 1);
  const side = Math.floor((width - GAP * (columns - 1) - 2) / columns - behind);
  const [across, down] = [side + behind + GAP, side + behind + GAP];
  const placed = Array.from({ length: frames }, (_, frame) => {
    const time = Math.floor(frame / tubelet);
    const back = step * (frame % tubelet);
    return {
      frame,
      time,
      x: 1 + (time % columns) * across + back,
      y: TOP + Math.floor(time / columns) * down + behind - back,
    };
  });
  return { frames: placed.reverse(), side, height: TOP + Math.ceil(times / columns) * down - GAP + 2 };
}

/** A place of the clip: its time, its row and its column in the grid of patches. */
export interface ClipPlace {
  readonly time: number;
  readonly row: number;
  readonly col: number;
}

/** What lies under a point of the board: of the frames there the one in front. */
export function placeAt(
  { frames, side }: BoardLayout,
  grid: number,
  x: number,
  y: number,
): ClipPlace | undefined {
  for (let i = frames.length - 1; i >= 0; i--) {
    const frame = frames[i];
    if (!frame || x < frame.x || y < frame.y || x >= frame.x + side || y >= frame.y + side) continue;
    const [col, row] = [x - frame.x, y - frame.y].map((v) => Math.floor((v / side) * grid)) as [
      number,
      number,
    ];
    return { time: frame.time, row, col };
  }
  return undefined;
}

/** Where a key leads: arrows within the frame, Page Up and Page Down to another time; undefined for any other key. */
export function placeByKey(
  key: string,
  { time, row, col }: ClipPlace,
  { times, grid }: { readonly times: number; readonly grid: number },
): ClipPlace | undefined {
  const moves: Readonly<Record<string, readonly [number, number, number]>> = {
    ArrowUp: [0, -1, 0],
    ArrowDown: [0, 1, 0],
    ArrowLeft: [0, 0, -1],
    ArrowRight: [0, 0, 1],
    PageDown: [1, 0, 0],
    PageUp: [-1, 0, 0],
  };
  const by = moves[key];
  if (!by) return undefined;
  const within = (v: number, n: number) => Math.min(n - 1, Math.max(0, v));
  return {
    time: within(time + by[0], times),
    row: within(row + by[1], grid),
    col: within(col + by[2], grid),
  };
}
