import { flattenIndex, unflattenIndex, type FlattenOrder } from '#lib/images/patches.ts';
import type { Picture } from '../draw/canvas.ts';
import type { PatchLayout } from './layout.ts';

/** The colour of a full value (255) of each channel where channels lie apart: red, green, blue, softened. */
export const TINTS = [
  [255, 96, 82],
  [88, 214, 128],
  [92, 158, 255],
] as const;

/**
 * The table `[N, P]` as a picture: one line a patch, one pixel a value, each value from black to the tint
 * of its channel.
 */
export function tableImage(picture: Picture, patch: number, order: FlattenOrder): Picture {
  const side = Math.floor(picture.width / patch);
  const P = patch * patch * 3;
  const data = new Uint8ClampedArray(side * side * P * 4);
  for (let n = 0; n < side * side; n++) {
    const top = Math.floor(n / side) * patch;
    const left = (n % side) * patch;
    for (let row = 0; row < patch; row++) {
      for (let col = 0; col < patch; col++) {
        const from = ((top + row) * picture.width + left + col) * 4;
        for (let c = 0; c < 3; c++) {
          const to = (n * P + flattenIndex(row, col, c, patch, order)) * 4;
          const part = picture.data[from + c]! / 255;
          for (let k = 0; k < 3; k++) data[to + k] = part * TINTS[c]![k]!;
          data[to + 3] = 255;
        }
      }
    }
  }
  return { width: P, height: side * side, data };
}

/** From this many screen pixels a value on, values are told apart; below, those of a screen pixel are mixed. */
const TOLD_APART = 12;

/** Whether a pixel's three values, side by side in a row of `width` screen pixels, are seen as one colour. */
export function isMerged(patch: number, order: FlattenOrder, width: number): boolean {
  return order === 'rcc' && width < TOLD_APART * patch * patch * 3;
}

/**
 * The table as it is drawn `width` screen pixels wide. Where a screen pixel holds values of one channel it is
 * their mean in the channel's tint; where it holds all three it is their colour. The stretches that are
 * mixed hold whole triples: others would show colour bands that are in no number.
 */
export function rowsImage(picture: Picture, patch: number, order: FlattenOrder, width: number): Picture {
  const P = patch * patch * 3;
  if (order === 'crc' ? width >= P : !isMerged(patch, order, width)) return tableImage(picture, patch, order);
  const out = Math.min(width, order === 'rcc' ? P / 3 : P);
  const ratio = P / out;
  const stretch = Math.min(P, 3 * Math.ceil(ratio / 3));
  const side = Math.floor(picture.width / patch);
  const data = new Uint8ClampedArray(out * side * side * 4);
  const places = Array.from({ length: P }, (_, j) => unflattenIndex(j, patch, order));
  for (let n = 0; n < side * side; n++) {
    const corner = Math.floor(n / side) * patch * picture.width + (n % side) * patch;
    for (let x = 0; x < out; x++) {
      const middle = Math.round((x + 0.5) * ratio - stretch / 2);
      const first = Math.min(P - stretch, Math.max(0, middle));
      const sums = [0, 0, 0];
      const counts = [0, 0, 0];
      for (let j = first; j < first + stretch; j++) {
        const { row, col, channel } = places[j]!;
        sums[channel]! += picture.data[(corner + row * picture.width + col) * 4 + channel]!;
        counts[channel]!++;
      }
      const to = (n * out + x) * 4;
      const whole = counts.every((c) => c > 0);
      for (let k = 0; k < 3; k++) {
        data[to + k] = whole
          ? sums[k]! / counts[k]!
          : sums.reduce((mix, sum, c) => mix + (sum / stretch / 255) * TINTS[c as 0 | 1 | 2][k]!, 0);
      }
      data[to + 3] = 255;
    }
  }
  return { width: out, height: side * side, data };
}

/** How far patch `n` of `count` has flown at time `t`: earlier patches start earlier; eased out; 0…1. */
export function flown(t: number, n: number, count: number): number {
  const delay = count > 1 ? (0.45 * n) / (count - 1) : 0;
  const local = Math.min(1, Math.max(0, (t - delay) / 0.55));
  return 1 - (1 - local) ** 3;
}

/**
 * Draws the patches that are on their way, value by value, into an RGBA buffer of `view`×`view`. Each of
 * the 3 values of a pixel is a speck of its own channel's colour; where specks meet the brighter one shows
 * in each channel, so that on the picture the three make the pixel's colour, and in the row they lie apart.
 * Where the row merges them (see isMerged) they fly together. Patches not yet started or already landed are
 * left out.
 */
export function drawFlight(
  out: Uint8ClampedArray,
  view: number,
  picture: Picture,
  patch: number,
  order: FlattenOrder,
  layout: PatchLayout,
  t: number,
  merged: boolean,
): void {
  out.fill(0);
  const P = patch * patch * 3;
  const rowHeight = view / layout.count;
  const valueWidth = view / P;
  const endWidth = merged ? 3 * valueWidth : valueWidth;
  const pixel = layout.cell / patch;
  for (let n = 0; n < layout.count; n++) {
    const f = flown(t, n, layout.count);
    if (f <= 0 || f >= 1) continue;
    const gridRow = Math.floor(n / layout.side);
    const gridCol = n % layout.side;
    const left = gridCol * layout.pitch;
    const top = gridRow * layout.pitch;
    const endY = n * rowHeight;
    const tint = merged ? 0 : f;
    const w = Math.max(1, Math.ceil(pixel + (endWidth - pixel) * f));
    const h = Math.max(1, Math.ceil(pixel + (rowHeight - pixel) * f));
    for (let c = 0; c < 3; c++) {
      // from the pure channel to its tint, as the specks part
      const [tr, tg, tb] = TINTS[c]!;
      const r = (c === 0 ? 255 + (tr - 255) * tint : tr * tint) / 255;
      const g = (c === 1 ? 255 + (tg - 255) * tint : tg * tint) / 255;
      const b = (c === 2 ? 255 + (tb - 255) * tint : tb * tint) / 255;
      for (let row = 0; row < patch; row++) {
        const startY = top + row * pixel;
        const y0 = Math.max(0, Math.floor(startY + (endY - startY) * f));
        const y1 = Math.min(view, y0 + h);
        let from = ((gridRow * patch + row) * picture.width + gridCol * patch) * 4 + c;
        for (let col = 0; col < patch; col++, from += 4) {
          const value = picture.data[from]!;
          const vr = value * r;
          const vg = value * g;
          const vb = value * b;
          const startX = left + col * pixel;
          const place = merged ? row * patch + col : flattenIndex(row, col, c, patch, order);
          const endX = place * endWidth;
          const x0 = Math.max(0, Math.floor(startX + (endX - startX) * f));
          const x1 = Math.min(view, x0 + w);
          for (let y = y0; y < y1; y++) {
            for (let k = (y * view + x0) * 4, end = (y * view + x1) * 4; k < end; k += 4) {
              if (vr > out[k]!) out[k] = vr;
              if (vg > out[k + 1]!) out[k + 1] = vg;
              if (vb > out[k + 2]!) out[k + 2] = vb;
              out[k + 3] = 255;
            }
          }
        }
      }
    }
  }
}
