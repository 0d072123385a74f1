/**
 * A box by its centre and its sides, as a network gives it: numbers from 0 to 1 are shares of the picture's width (`cx`,
 * `w`) and height (`cy`, `h`).
 */
export interface CentreBox {
  readonly cx: number;
  readonly cy: number;
  readonly w: number;
  readonly h: number;
}

/** A box by its left, upper, right and lower edges, in any unit; `x0 ≤ x1` and `y0 ≤ y1`. */
export interface CornerBox {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** The same box by its edges. */
export function cornersOf({ cx, cy, w, h }: CentreBox): CornerBox {
  return { x0: cx - w / 2, y0: cy - h / 2, x1: cx + w / 2, y1: cy + h / 2 };
}

/** The same box by its centre. */
export function centreOf({ x0, y0, x1, y1 }: CornerBox): CentreBox {
  return { cx: (x0 + x1) / 2, cy: (y0 + y1) / 2, w: x1 - x0, h: y1 - y0 };
}

/** A box of shares as pixels of a picture of that size, not rounded and not cut off at its edges. */
export function inPixels(box: CentreBox, width: number, height: number): CornerBox {
  const { x0, y0, x1, y1 } = cornersOf(box);
  return { x0: x0 * width, y0: y0 * height, x1: x1 * width, y1: y1 * height };
}

/**
 * Row `index` of a table of boxes `[n, 4]`, flat, in the order cx, cy, w, h.
 * @throws RangeError where there is no such row
 */
export function boxAt(table: ArrayLike<number>, index: number): CentreBox {
  const at = 4 * index;
  const [cx, cy, w, h] = [table[at], table[at + 1], table[at + 2], table[at + 3]];
  if (cx === undefined || cy === undefined || w === undefined || h === undefined)
    throw new RangeError(`a table of ${table.length / 4} boxes has no box ${index}`);
  return { cx, cy, w, h };
}

/** Area in the unit of the box; 0 for one that is turned inside out. */
export function areaOf({ x0, y0, x1, y1 }: CornerBox): number {
  return Math.max(0, x1 - x0) * Math.max(0, y1 - y0);
}

/** What two boxes have in common; undefined where they have no point in common. */
export function intersectionOf(a: CornerBox, b: CornerBox): CornerBox | undefined {
  const x0 = Math.max(a.x0, b.x0);
  const y0 = Math.max(a.y0, b.y0);
  const x1 = Math.min(a.x1, b.x1);
  const y1 = Math.min(a.y1, b.y1);
  return x0 <= x1 && y0 <= y1 ? { x0, y0, x1, y1 } : undefined;
}

/** The smallest box that holds both. */
export function hullOf(a: CornerBox, b: CornerBox): CornerBox {
  return {
    x0: Math.min(a.x0, b.x0),
    y0: Math.min(a.y0, b.y0),
    x1: Math.max(a.x1, b.x1),
    y1: Math.max(a.y1, b.y1),
  };
}

/** How far two boxes are the same, with everything that it is computed from. */
export interface Overlap {
  /** Areas of what they have in common, of what either covers, and of the smallest box around both. */
  readonly intersection: number;
  readonly union: number;
  readonly hull: number;
  /** Intersection over union, 0 … 1; 0 for two boxes without an area. */
  readonly iou: number;
  /**
   * IoU less the share of the hull that neither covers, −1 … 1: boxes apart from each other still differ by how far apart
   * they are. Source: Rezatofighi et al. 2019, “Generalized Intersection over Union”, algorithm 1.
   */
  readonly giou: number;
}

/** IoU and GIoU of two boxes, with the areas they are made of. */
export function overlapOf(a: CornerBox, b: CornerBox): Overlap {
  const common = intersectionOf(a, b);
  const intersection = common ? areaOf(common) : 0;
  const union = areaOf(a) + areaOf(b) - intersection;
  const hull = areaOf(hullOf(a, b));
  const iou = union > 0 ? intersection / union : 0;
  return { intersection, union, hull, iou, giou: hull > 0 ? iou - (hull - union) / hull : iou };
}

/** Sum of the four absolute differences of two boxes by centre and sides, the L1 distance of DETR's loss. */
export function l1Of(a: CentreBox, b: CentreBox): number {
  return Math.abs(a.cx - b.cx) + Math.abs(a.cy - b.cy) + Math.abs(a.w - b.w) + Math.abs(a.h - b.h);
}
