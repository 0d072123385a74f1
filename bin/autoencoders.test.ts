import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { parseSafetensors, writeSafetensors } from '#lib/weights/safetensors.ts';
import { inside } from './testing.ts';

vi.setConfig({ testTimeout: 120_000 });
const folder = mkdtempSync(join(tmpdir(), 'patchwork-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('patchwork run on an autoencoder', () => {
  it('writes the reconstruction of each picture as a PNG file', async () => {
    const golden = parseSafetensors(readFileSync('models/kl-tiny/golden.safetensors'));
    const file = join(folder, 'x.safetensors');
    writeFileSync(
      file,
      writeSafetensors([{ name: 'x', shape: [1, 3, 16, 16], data: golden.float32('g/x') }]),
    );
    const { status, stderr } = await inside(
      'run',
      'models/kl-tiny',
      '--input',
      file,
      '--png',
      join(folder, 'out'),
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(readdirSync(join(folder, 'out'))).toEqual(['0.png']);
    const { data, info } = await sharp(join(folder, 'out', '0.png'))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([16, 16, 3]);
    const want = golden.float32('g/reconstruction');
    for (let i = 0; i < 256; i++)
      for (let c = 0; c < 3; c++) {
        const value = Math.min(1, Math.max(-1, want[c * 256 + i]!));
        expect(Math.abs(data[3 * i + c]! - (value + 1) * 127.5)).toBeLessThan(0.51);
      }
  });

  it('refuses --png for a network that answers with something else', async () => {
    const { status, stderr } = await inside(
      'run',
      'models/vit-tiny',
      '--image',
      'static/pictures/astronaut.webp',
      '--png',
      folder,
    );
    expect(status).not.toBe(0);
    expect(stderr).toContain('--png needs a network whose answer is a square picture');
  });
});
