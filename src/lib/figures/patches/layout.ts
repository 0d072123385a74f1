/** Where the patches of a square picture lie on a square canvas, before, while and after they fly apart. */
export interface PatchLayout {
  /** Patches a side; 0 when one patch is larger than the picture. */
  readonly side: number;
  /** Patches in all, `side²`. */
  readonly count: number;
  /** Pixels a side that the patches cover; the rest, `size − used`, is dropped. */
  readonly used: number;
  /** Canvas units from one patch's corner to the next one's. */
  readonly pitch: number;
  /** Canvas units a patch is wide and high. */
  readonly cell: number;
}

/** The gap of patches that are fully apart, as a share of a patch's place, and its limit in canvas units. */
const GAP = 0.17;
const WIDEST_GAP = 14;

/**
 * @param size pixels a side of the picture
 * @param patch pixels a side of a patch, `p`
 * @param apart 0: the picture is whole; 1: the patches stand apart and fill the canvas
 * @param view side of the canvas, in any unit; the answer is in the same unit
 */
export function patchLayout(size: number, patch: number, apart: number, view: number): PatchLayout {
  const side = patch > 0 ? Math.floor(size / patch) : 0;
  const used = side * patch;
  const whole = size > 0 ? (patch * view) / size : 0;
  if (side === 0) return { side, count: 0, used, pitch: whole, cell: whole };
  const gap = side > 1 ? Math.min(WIDEST_GAP, (GAP * view) / side) : 0;
  const cell = (view - gap * (side - 1)) / side;
  return {
    side,
    count: side * side,
    used,
    pitch: whole + (cell + gap - whole) * apart,
    cell: whole + (cell - whole) * apart,
  };
}

/** The index of the patch under a point of the canvas, or −1 where there is none (the remainder). */
export function patchAt(layout: PatchLayout, x: number, y: number): number {
  const col = Math.floor(x / layout.pitch);
  const row = Math.floor(y / layout.pitch);
  const inside = row >= 0 && col >= 0 && row < layout.side && col < layout.side;
  return inside ? row * layout.side + col : -1;
}

/** The patch a key leads to from `index`, or undefined if the key is none of the cursor's. */
export function patchByKey(key: string, index: number, side: number): number | undefined {
  const row = Math.floor(index / side);
  const col = index % side;
  const last = side - 1;
  const to = (r: number, c: number) => Math.min(last, Math.max(0, r)) * side + Math.min(last, Math.max(0, c));
  switch (key) {
    case 'ArrowLeft':
      return to(row, col - 1);
    case 'ArrowRight':
      return to(row, col + 1);
    case 'ArrowUp':
      return to(row - 1, col);
    case 'ArrowDown':
      return to(row + 1, col);
    case 'Home':
      return to(row, 0);
    case 'End':
      return to(row, last);
    case 'PageUp':
      return to(0, col);
    case 'PageDown':
      return to(last, col);
    default:
      return undefined;
  }
}
