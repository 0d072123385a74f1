import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseSafetensors, writeSafetensors } from '#lib/weights/safetensors.ts';
import { inside } from './testing.ts';

// Each model is of four frames of 16 × 16 pixels.
vi.setConfig({ testTimeout: 120_000 });
const MODELS = ['joint', 'encoder', 'self', 'dot'].map((form) => `models/vivit-${form}-tiny`);
const [JOINT = ''] = MODELS;

let folder: string;
const at = (name: string): string => join(folder, name);
const floats = (file: string, name: string): Float32Array =>
  parseSafetensors(readFileSync(file), file).float32(name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchwork-'));
  for (let f = 0; f < 5; f++) {
    const pixels = Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => (i * (7 + f)) % 256);
    await sharp(pixels, { raw: { width: 16, height: 16, channels: 3 } })
      .png()
      .toFile(at(`${f}.png`));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a model makes of some pictures: its notes, and the clip it was fed. */
async function fed(...args: string[]): Promise<{ stderr: string; x: Float32Array }> {
  const out = at('out.safetensors');
  const { status, stderr } = await inside('run', JOINT, ...args, '--tensors', 'x', '--out', out);
  expect(status, stderr).toBe(0);
  return { stderr, x: floats(out, 'x') };
}
const images = (...numbers: number[]): string[] => numbers.flatMap((f) => ['--image', at(`${f}.png`)]);
const FRAME = 3 * 16 * 16;
const frame = (x: Float32Array, f: number): number[] => [...x.subarray(f * FRAME, (f + 1) * FRAME)];

describe('patchwork run on clips', () => {
  it.each(MODELS)('%s gives PyTorch’s logits for the frames of a file', async (model) => {
    const golden = `${model}/golden.safetensors`;
    const file = at('x.safetensors');
    writeFileSync(
      file,
      writeSafetensors([{ name: 'x', shape: [1, 4, 3, 16, 16], data: floats(golden, 'g/x') }]),
    );
    const out = at('logits.safetensors');
    const { status, stderr } = await inside(
      'run',
      model,
      '--input',
      file,
      '--tensors',
      'logits',
      '--out',
      out,
    );
    expect([status, stderr]).toEqual([0, '']);
    const want = floats(golden, 'g/logits');
    floats(out, 'logits').forEach((v, i) => expect(v).toBeCloseTo(want[i]!, 4));
  });

  it('one picture stands still or moves, and that is said', async () => {
    const still = await fed(...images(0));
    expect(still.stderr).toContain('clips of 4 frames; the picture stands still in them');
    expect(frame(still.x, 3)).toEqual(frame(still.x, 0));
    const moved = await fed(...images(0), '--pace=-2');
    expect(moved.stderr).toContain('the picture moves 2 pixels a frame to the left in them');
    expect(frame(moved.x, 0)).toEqual(frame(still.x, 0));
    // After two frames what was in column 4 is in column 0.
    expect(moved.x[2 * FRAME]).toBe(still.x[4]);
  });

  it('as many pictures as a clip has frames are its frames, in order', async () => {
    const { stderr, x } = await fed(...images(0, 1, 2, 3));
    expect(stderr).toBe('');
    for (const f of [0, 1, 2, 3]) expect(frame(x, f)).toEqual(frame((await fed(...images(f))).x, 0));
  });

  it.each<[numbers: number[], more: string[], message: string]>([
    [[0, 1], [], 'clips of 4 frames: give 1 picture, or 4 for each clip, in order, not 2'],
    [[0], ['--pace', '1.5'], '--pace takes whole pixels a frame, not "1.5"'],
    [[0, 1, 2, 3], ['--pace', '1'], '--pace moves one picture; of several, each is a frame'],
  ])('%j with %j is refused', async (numbers, more, message) => {
    const { status, stderr } = await inside('run', JOINT, ...images(...numbers), ...more);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  it('a model of single pictures has no pace', async () => {
    const { status, stderr } = await inside('run', 'models/vit-tiny', ...images(0), '--pace', '1');
    expect(status).toBe(2);
    expect(stderr).toContain('it needs --image, and a model of clips');
  });
});
