import { flattenIndex, type FlattenOrder } from '../../images/patches.ts';
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
 * Patches not yet started or already landed are left out.
 */
export function drawFlight(
  out: Uint8ClampedArray,
  view: number,
  picture: Picture,
  patch: number,
  order: FlattenOrder,
  layout: PatchLayout,
  t: number,
): void {
  out.fill(0);
  const P = patch * patch * 3;
  const rowHeight = view / layout.count;
  const valueWidth = view / P;
  const pixel = layout.cell / patch;
  for (let n = 0; n < layout.count; n++) {
    const f = flown(t, n, layout.count);
    if (f <= 0 || f >= 1) continue;
    const gridRow = Math.floor(n / layout.side);
    const gridCol = n % layout.side;
    const left = gridCol * layout.pitch;
    const top = gridRow * layout.pitch;
    const endY = n * rowHeight;
    const w = Math.max(1, Math.ceil(pixel + (valueWidth - pixel) * f));
    const h = Math.max(1, Math.ceil(pixel + (rowHeight - pixel) * f));
    for (let c = 0; c < 3; c++) {
      // from the pure channel to its tint, as the specks part
      const [tr, tg, tb] = TINTS[c]!;
      const r = (c === 0 ? 255 + (tr - 255) * f : tr * f) / 255;
      const g = (c === 1 ? 255 + (tg - 255) * f : tg * f) / 255;
      const b = (c === 2 ? 255 + (tb - 255) * f : tb * f) / 255;
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
          const endX = flattenIndex(row, col, c, patch, order) * valueWidth;
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
