import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { graphOf, preset } from '#lib/models/registry.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { CNN, CNN_LEVELS, cnnGraph, fieldOf, levelOf, mapsOf, middleField, VIT_LEVELS } from './pyramid.ts';

const golden = parseSafetensors(new Uint8Array(readFileSync('lessons/05-answer/tests/golden.safetensors')));
const vit = graphOf(preset('vit-ti-16')!);

describe('the pyramid', () => {
  it('knows the CNN by a published size, which is the one it has', () => {
    const { architecture, config } = JSON.parse(readFileSync(`models/${CNN}/config.json`, 'utf8')) as {
      architecture: string;
      config: object;
    };
    expect([...cnnGraph().values.keys()]).toEqual([...graphOf({ architecture, config }).values.keys()]);
    expect(CNN_LEVELS.map((name) => cnnGraph().value(name).shape)).toEqual(
      CNN_LEVELS.map((name) => graphOf({ architecture, config }).value(name).shape),
    );
  });

  it('shrinks in side and grows in channels, and the ViT does neither', () => {
    expect(CNN_LEVELS.map((name) => levelOf(cnnGraph(), name))).toEqual([
      { name: 'whiten', channels: 24, side: 31 },
      { name: 'body.0', channels: 64, side: 15 },
      { name: 'body.1', channels: 128, side: 7 },
      { name: 'body.2', channels: 256, side: 3 },
    ]);
    for (const name of VIT_LEVELS) expect(levelOf(vit, name)).toEqual({ name, channels: 192, side: 14 });
  });

  it('sees what PyTorch’s cells see', () => {
    const rows = golden.float32('cnn.rows');
    CNN_LEVELS.forEach((name, i) => {
      const level = levelOf(cnnGraph(), name);
      [0, Math.floor(level.side / 2), level.side - 1].forEach((cell, k) => {
        const [first, last] = rows.subarray(6 * i + 2 * k);
        expect(fieldOf(cnnGraph(), level, cell, cell)).toEqual([first, first, last, last]);
      });
    });
    expect(CNN_LEVELS.map((name) => middleField(cnnGraph(), name))).toEqual([2, 9, 23, 32]);
  });

  it('sees its own patch before the first block of the ViT, everything after it', () => {
    expect(fieldOf(vit, levelOf(vit, 'tokens'), 2, 5)).toEqual([32, 80, 48, 96]);
    for (const name of VIT_LEVELS.slice(1))
      expect(fieldOf(vit, levelOf(vit, name), 2, 5)).toEqual([0, 0, 224, 224]);
  });

  it('cuts maps out of channels first and out of tokens, CLS left out', () => {
    const level = { name: 'x', channels: 2, side: 2 };
    const maps = Float32Array.of(0, 1, 2, 3, 10, 11, 12, 13);
    const tokens = Float32Array.of(-1, -1, 0, 10, 1, 11, 2, 12, 3, 13);
    const of = (data: Float32Array, shape: number[]) =>
      mapsOf(level, { name: 'x', dims: [], shape, data }).map(({ values }) => [...Array.from(values)]);
    const expected = [
      [0, 1, 2, 3],
      [10, 11, 12, 13],
    ];
    expect(of(maps, [2, 2, 2])).toEqual(expected);
    expect(of(tokens, [5, 2])).toEqual(expected);
    expect(of(tokens, [1, 5, 2])).toEqual([]);
  });
});
