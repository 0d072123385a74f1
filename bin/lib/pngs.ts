import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { UsageError } from './usage.ts';

/** Pictures `[n, 3, S, S]` in −1 … 1 as numbered PNG files of a folder; what lies outside is cut off. @throws UsageError for another number of channels */
export async function writePngs(
  folder: string,
  pictures: Float32Array,
  n: number,
  channels: number,
  side: number,
): Promise<void> {
  if (channels !== 3)
    throw new UsageError(
      `the model makes ${channels} channels, which are no picture; give a .safetensors file`,
    );
  mkdirSync(folder, { recursive: true });
  const area = side * side;
  for (let k = 0; k < n; k++) {
    const rgb = new Uint8Array(3 * area);
    for (let i = 0; i < area; i++)
      for (let c = 0; c < 3; c++) {
        const v = pictures[(3 * k + c) * area + i]!;
        rgb[3 * i + c] = Math.round((Math.min(1, Math.max(-1, v)) + 1) * 127.5);
      }
    const name = `${String(k).padStart(String(n - 1).length, '0')}.png`;
    await sharp(rgb, { raw: { width: side, height: side, channels: 3 } })
      .png()
      .toFile(join(folder, name));
  }
}
