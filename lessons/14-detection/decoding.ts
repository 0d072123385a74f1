import type { CornerBox } from '#lib/analysis/detection/boxes.ts';

/** The four numbers of a box, in the order that networks give them. */
export const SIDES = ['cx', 'cy', 'w', 'h'] as const;

/** A box on its way from the head to pixels. */
export interface Decoded {
  /** What the head's last linear layer gives, any number. */
  readonly raw: readonly number[];
  /** σ of it, shares of the side, 0 … 1. */
  readonly shares: readonly number[];
  /** Centre and sides in pixels. */
  readonly pixels: readonly number[];
  /** Edges in pixels; they may lie outside of the picture. */
  readonly corners: CornerBox;
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/**
 * Decodes one box by hand: σ, times the picture's side, then half a side either way of the centre. Source: Carion et al.
 * 2020, section 3.2.
 * @param raw the head's four numbers: centre across, centre down, width, height
 * @param side of the picture in pixels
 */
export function decoded(raw: readonly number[], side: number): Decoded {
  const shares = raw.map(sigmoid);
  const pixels = shares.map((share) => share * side);
  const [cx = 0, cy = 0, w = 0, h = 0] = pixels;
  return { raw, shares, pixels, corners: { x0: cx - w / 2, y0: cy - h / 2, x1: cx + w / 2, y1: cy + h / 2 } };
}

/**
 * How much of a token's attention lies on the tokens whose middle is inside a box, and what part of all tokens these are: an
 * attention that told nothing apart would put the same part there.
 * @param row `[N]`, one head's attention of one token, the places of the map row by row
 * @param box in shares of the side
 */
export function shareInside(
  row: ArrayLike<number>,
  box: CornerBox,
  { rows, cols }: { readonly rows: number; readonly cols: number },
): { readonly attention: number; readonly area: number } {
  let [attention, inside] = [0, 0];
  for (let place = 0; place < rows * cols; place++) {
    const [x, y] = [((place % cols) + 0.5) / cols, (Math.floor(place / cols) + 0.5) / rows];
    if (x < box.x0 || x > box.x1 || y < box.y0 || y > box.y1) continue;
    attention += row[place] ?? 0;
    inside++;
  }
  return { attention, area: inside / (rows * cols) };
}
