import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { centreOf } from '#lib/analysis/detection/boxes.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import type { SceneObject } from './scene.ts';
import { drawScene } from './scene-drawing.ts';
import { levelFor, spritesOf } from './sprites.ts';

/** What training/data/scenes.py draws of the same objects; tests/reference.py makes it. */
const golden = parseSafetensors(
  new Uint8Array(readFileSync('lessons/14-detection/tests/golden.safetensors')),
);
const SIDE = 32;
const of = (
  index: number,
  x: number,
  y: number,
  size: number,
  angle: number,
  mirrored: boolean,
): SceneObject => ({
  // The reference's sprites lie in one row: the sheet here has a picture for each object alone.
  concept: Math.floor(index / 4),
  style: index % 4,
  x: x / 256,
  y: y / 256,
  size: size / 256,
  angle,
  mirrored,
});
const OBJECTS = [
  of(0, 72, 80, 112, -12, false),
  of(1, 190, 64, 41, 7, false),
  of(2, 109, 141, 90, 12, true),
  of(3, 238, 200, 100, 0, true),
  of(4, 60, 216, 77, -30, false),
];
function sheet() {
  const values = golden.float32('sprites');
  const data = new Uint8ClampedArray(5 * SIDE * SIDE * 4);
  for (let n = 0; n < 5; n++)
    for (let y = 0; y < SIDE; y++)
      data.set(
        values.subarray((n * SIDE + y) * SIDE * 4, (n * SIDE + y + 1) * SIDE * 4),
        (y * 5 + n) * SIDE * 4,
      );
  return { width: 5 * SIDE, height: SIDE, data };
}
function photo() {
  const x = new Float32Array(3 * SIDE * SIDE);
  for (let c = 0; c < 3; c++)
    for (let r = 0; r < SIDE; r++)
      for (let k = 0; k < SIDE; k++)
        x[(c * SIDE + r) * SIDE + k] = (2 * ((37 * k + 59 * r + 83 * c) % 256)) / 255 - 1;
  return x;
}
const sprites = spritesOf(sheet(), SIDE, 5);

describe('a scene', () => {
  const scene = drawScene(photo(), OBJECTS, sprites, SIDE);

  it('has the pixels that training draws, to a hundredth of a step of 8 bits', () => {
    const want = golden.float32('small.x');
    const most = scene.x.reduce((worst, v, i) => Math.max(worst, Math.abs(v - want[i]!)), 0);
    expect((most * 255) / 2).toBeLessThan(0.01);
    const plain = photo();
    expect(scene.x.filter((v, i) => v !== plain[i]).length).toBeGreaterThan(800);
  });
  it('has the boxes of training, and as much of each object to be seen', () => {
    const boxes = golden.float32('small.boxes');
    const visible = golden.float32('small.visible');
    scene.standing.forEach(({ box, visible: part }, i) => {
      expect(box).toBeDefined();
      const { cx, cy, w, h } = centreOf(box!);
      [cx, cy, w, h].forEach((v, k) => expect(v, `${i} ${k}`).toBeCloseTo(boxes[4 * i + k]!, 6));
      expect(part, `${i}`).toBeCloseTo(visible[i]!, 6);
    });
    expect(Math.min(...visible)).toBeLessThan(0.9);
  });
  it('leaves the photo as it is, and an object outside without a box', () => {
    const ground = photo();
    const out = { ...OBJECTS[0]!, x: 0, y: 0, size: 5 / 64, concept: 0, style: 4 };
    const nothing = spritesOf({ ...sheet(), data: new Uint8ClampedArray(5 * SIDE * SIDE * 4) }, SIDE, 5);
    const [standing] = drawScene(ground, [out], nothing, SIDE).standing;
    expect(standing).toMatchObject({ box: undefined, visible: 0 });
    expect(ground).toEqual(photo());
  });
});

it('a picture is taken of the smallest level that is not enlarged', () => {
  expect([4, 8, 8.1, 16, 17, 40].map((pixels) => levelFor(sprites, pixels).side)).toEqual([
    8, 8, 16, 16, 32, 32,
  ]);
});
