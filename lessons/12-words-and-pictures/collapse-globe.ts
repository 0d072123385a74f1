/** A point of the sphere as the globe shows it. */
export interface Seen {
  /** To the right and down, −1 … 1. */
  readonly x: number;
  readonly y: number;
  /** Towards the reader, −1 … 1: below 0 it lies behind. */
  readonly depth: number;
}

/** How far the globe is tipped towards the reader, radians. */
const TIP = 0.35;

/** Where the globe, turned about its axis by `turn` degrees, shows a point `(x, y, z)` of length 1; z is its axis. */
export function seenAt(x: number, y: number, z: number, turn: number): Seen {
  const angle = (turn * Math.PI) / 180;
  const right = x * Math.cos(angle) - y * Math.sin(angle);
  const front = x * Math.sin(angle) + y * Math.cos(angle);
  return {
    x: right,
    y: -(z * Math.cos(TIP) - front * Math.sin(TIP)),
    depth: front * Math.cos(TIP) + z * Math.sin(TIP),
  };
}

/** Half the height of the equator's ellipse. */
export const EQUATOR = Math.sin(TIP);
