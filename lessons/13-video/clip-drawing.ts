import type { Rgba } from '#lib/images/index.ts';
import type { Drawn, Placed } from './clip-paths.ts';

/** Part of ink that is taken at a place of a sign, bilinear between the middles of its pixels, nothing outside. */
function inkAt({ width, height, data }: Rgba, column: number, row: number, channel: number): number {
  const [left, top] = [Math.floor(column), Math.floor(row)];
  const [right, down] = [column - left, row - top];
  const ink = (r: number, c: number) =>
    r < 0 || c < 0 || r >= height || c >= width ? 0 : 1 - data[4 * (r * width + c) + channel]! / 255;
  const above = (1 - right) * ink(top, left) + right * ink(top, left + 1);
  const below = (1 - right) * ink(top + 1, left) + right * ink(top + 1, left + 1);
  return (1 - down) * above + down * below;
}

const around = (distance: number) => ((((distance + 0.5) % 1) + 1) % 1) - 0.5;

/** Multiplies a frame `[3, side, side]`, values 0 … 1, by the colours of a sign where it lies. */
function lay(frame: Float32Array, side: number, sign: Rgba, { x, y, size, angle }: Placed): void {
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const plane = side * side;
  for (let r = 0; r < side; r++)
    for (let c = 0; c < side; c++) {
      // How far the pixel lies from the sign's middle, the shorter way round the torus, in sides of the sign.
      const [dx, dy] = [around((c + 0.5) / side - x), around((r + 0.5) / side - y)];
      const column = ((cos * dx + sin * dy) / size + 0.5) * sign.width - 0.5;
      const row = ((cos * dy - sin * dx) / size + 0.5) * sign.height - 0.5;
      if (column <= -1 || row <= -1 || column >= sign.width || row >= sign.height) continue;
      for (let channel = 0; channel < 3; channel++)
        frame[channel * plane + r * side + c]! *= 1 - inkAt(sign, column, row, channel);
    }
}

/**
 * The frames of a clip, `[F, 3, side, side]` in −1 … 1, as `draw_clips` of training/data/clips.py draws them: the colours
 * of signs on white multiply that of the paper.
 * @param signs a picture on white for each path
 */
export function drawFrames({ paths, paper }: Drawn, signs: readonly Rgba[], side: number): Float32Array {
  const plane = side * side;
  const count = paths[0]?.length ?? 0;
  const clip = new Float32Array(count * 3 * plane);
  for (let f = 0; f < count; f++) {
    const frame = clip.subarray(f * 3 * plane, (f + 1) * 3 * plane);
    for (let channel = 0; channel < 3; channel++)
      frame.fill(paper[channel]!, channel * plane, (channel + 1) * plane);
    paths.forEach((path, i) => {
      const [sign, place] = [signs[i], path[f]];
      if (sign && place) lay(frame, side, sign, place);
    });
  }
  return clip.map((v) => 2 * v - 1);
}
