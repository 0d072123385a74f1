import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readObjectAtlas, tileOf } from './object-atlas.ts';
import { keyChange } from './object-keys.ts';
import {
  CONCEPTS,
  MOST_OBJECTS,
  readObjects,
  SIZE,
  STYLES,
  tidied,
  writeObjects,
  type SceneObject,
} from './scene.ts';
import { sceneRemarks } from './scene-remarks.ts';
import { seededObjects } from './seeded-scene.ts';
import { SEEDS } from './state.ts';
import { verdictsOf } from './verdicts.ts';

const FOX: SceneObject = { concept: 0, style: 1, x: 0.25, y: 0.5, size: 0.25, angle: -7, mirrored: true };

describe('objects in a link', () => {
  it('come back as they were, none and thirty of them', () => {
    const many = Array.from({ length: MOST_OBJECTS }, (_, i) => ({
      ...FOX,
      concept: i % CONCEPTS,
      style: i % STYLES,
      x: i / 32,
      mirrored: i % 2 > 0,
    }));
    for (const objects of [[], [FOX], many]) expect(readObjects(writeObjects(objects))).toEqual(objects);
  });
  it('are refused where they are cut off, of another class, too many, or outside', () => {
    const fox = writeObjects([FOX]);
    expect(fox).toMatch(/^[0-9a-z]{10}$/);
    for (const wrong of [
      fox.slice(1),
      `z${fox.slice(1)}`,
      `0z${fox.slice(2)}`,
      `${fox.slice(0, 2)}zz${fox.slice(4)}`,
      'Ö234567890',
      fox.repeat(31),
    ])
      expect(readObjects(wrong), wrong).toBeUndefined();
  });
  it('are brought into the scene', () => {
    const out = tidied({ ...FOX, x: -3, y: 9, size: 5, angle: 200 });
    expect(out).toMatchObject({ x: 0, y: 1, size: SIZE.max, angle: 45 });
    expect(tidied(out)).toEqual(out);
  });
});

it('every seed draws objects as training does, apart from one another, the same again', () => {
  const counts = new Set<number>();
  for (let seed: number = SEEDS.min; seed <= SEEDS.max; seed++) {
    const objects = seededObjects(seed);
    counts.add(objects.length);
    expect(objects).toEqual(seededObjects(seed));
    expect(readObjects(writeObjects(objects))).toEqual(objects);
    for (const { size, angle, x, y } of objects) {
      expect(size >= 0.16 && size <= 0.45 && Math.abs(angle) <= 12, `${seed}`).toBe(true);
      expect(Math.min(x, y, 1 - x, 1 - y), `${seed}`).toBeGreaterThan(0.35 * size);
    }
  }
  expect([...counts].every((n) => n >= 2 && n <= 6)).toBe(true);
  expect(counts.size).toBeGreaterThan(3);
});

it('keys move by a pixel, with Shift by four, scale and turn; others do nothing', () => {
  expect(keyChange({ key: 'ArrowLeft', shiftKey: false }, FOX)).toEqual({ x: 0.25 - 1 / 64 });
  expect(keyChange({ key: 'ArrowDown', shiftKey: true }, FOX)).toEqual({ y: 0.5 + 4 / 64 });
  expect(keyChange({ key: '+', shiftKey: true }, FOX)).toEqual({ size: 0.25 + 2 / 64 });
  expect(keyChange({ key: '-', shiftKey: false }, FOX)).toEqual({ size: 0.25 - 2 / 64 });
  expect(keyChange({ key: '[', shiftKey: false }, FOX)).toEqual({ angle: -10 });
  expect(keyChange({ key: 'a', shiftKey: false }, FOX)).toBeUndefined();
});

it('the sheet has every class in every style, and says which drawings were held out', () => {
  const raw: unknown = JSON.parse(readFileSync('static/emoji/objects.json', 'utf8'));
  const atlas = readObjectAtlas(raw);
  expect(tileOf(atlas, 19, 3)).toEqual({ x: 9 * 96, y: 7 * 96, side: 96 });
  const held = atlas.concepts.flatMap(({ splits }) => splits.filter((split) => split !== 'train'));
  expect(held.length).toBeGreaterThan(3);
  expect(() => readObjectAtlas({ ...atlas, styles: atlas.styles.slice(1) })).toThrow(/styles/);
  expect(() => readObjectAtlas(null)).toThrow(TypeError);
});

describe('verdicts', () => {
  const box = { cx: 0.5, cy: 0.5, w: 0.2, h: 0.2 };
  const there = (label: number) => ({
    object: { ...FOX, concept: label },
    label,
    box: { x0: 0.4, y0: 0.4, x1: 0.6, y1: 0.6 },
    visible: 1,
  });
  it('the surest takes the object, a second one of it is of nothing, so is another class', () => {
    const detections = [
      { query: 3, label: 0, score: 0.6, box },
      { query: 1, label: 0, score: 0.9, box },
      { query: 2, label: 5, score: 0.8, box },
    ];
    expect(
      verdictsOf(detections, [there(0)]).map(({ object, detection }) => [detection.query, object]),
    ).toEqual([
      [1, 0],
      [2, undefined],
      [3, undefined],
    ]);
  });
  it('half the overlap is enough, less is not, and an object outside is found by none', () => {
    const wide = { ...box, w: 0.4 };
    const wider = { ...box, w: 0.41 };
    const one = (b: typeof box) => verdictsOf([{ query: 0, label: 0, score: 1, box: b }], [there(0)])[0];
    expect(one(wide)?.iou).toBeCloseTo(0.5, 9);
    expect(one(wider)?.object).toBeUndefined();
    const outside = { ...there(0), box: undefined };
    expect(verdictsOf([{ query: 0, label: 0, score: 1, box }], [outside])[0]).toMatchObject({
      object: undefined,
      iou: 0,
    });
  });
});

it('what is unlike training gets a sentence in both languages', () => {
  const said = (objects: number, own?: { width: number; height: number }) =>
    sceneRemarks({ objects, queries: 16, own }).map(({ id, en, zh }) => {
      expect(en.length > 20 && zh.length > 10, id).toBe(true);
      return id;
    });
  expect(said(5)).toEqual([]);
  expect(said(0)).toEqual(['none']);
  expect(said(9)).toEqual(['many']);
  expect(said(30)).toEqual(['queries']);
  expect(said(0, { width: 1, height: 4000 })).toEqual(['long', 'unknown']);
  expect(said(2, { width: 640, height: 480 })).toEqual([]);
});
