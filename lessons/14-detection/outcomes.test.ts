import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { detectionsOf, duplicatesOf } from '#lib/analysis/detection/detections.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { boxAt, cornersOf } from '#lib/analysis/detection/boxes.ts';
import { counted, countedWith, heldOut, LAYERS, MEASURED, suppressedAt } from './held-out.ts';
import { countOf, judge, SURE, sureOf } from './judged.ts';
import lesson from './lesson.ts';
import { spreadOrder } from './kept-queries.ts';
import { CONFIG } from './model.ts';
import type { Standing } from './scene-drawing.ts';
import { seededObjects } from './seeded-scene.ts';
import { seenByConvolutions, stemCounts } from './stems.ts';

/** The scene that the steps open with, and what the network says of it changed: tests/reference_changes.py makes it. */
const golden = parseSafetensors(
  new Uint8Array(readFileSync('lessons/14-detection/tests/golden.safetensors')),
);
const said = (way: string) => {
  const probs = golden.float32(`opened.${way}.probs`);
  const boxes = golden.float32(`opened.${way}.boxes`);
  return { probs, boxes, all: detectionsOf(probs, boxes, CONFIG.classes, 0) };
};
const objects = seededObjects(3);
const truth = golden.float32('opened.truth');
const standing: readonly Standing[] = objects.map((object, i) => ({
  object,
  label: object.concept,
  box: cornersOf(boxAt(truth, i)),
  visible: 1,
}));
const worth = (way: string) => countOf(judge(sureOf(said(way).all), standing));

describe('the scene that the steps open with', () => {
  it('is the one that the answers are stored of', () => {
    const stored = golden.float32('opened.objects');
    objects.forEach(({ concept, style, x, y, size, angle, mirrored }, i) =>
      expect([...stored.subarray(7 * i, 7 * i + 7)]).toEqual([
        concept,
        style,
        Math.fround(x),
        Math.fround(y),
        Math.fround(size),
        angle,
        Number(mirrored),
      ]),
    );
    const scenes = lesson.steps.filter(({ id }) => /scene|twice|fewer|equal|places/.test(id));
    expect(scenes).toHaveLength(5);
    for (const { set } of scenes) expect(set).toMatchObject({ seed: 3, objects: undefined, pic: 'forest' });
  });

  it('is answered as it is: most of its objects are found', () => {
    expect(worth('plain').found).toBeGreaterThan(objects.length / 2);
  });
});

describe('every break breaks what it opens with', () => {
  it('queries alone find more of it twice, and suppression takes that away', () => {
    const alone = sureOf(said('alone').all);
    expect(worth('alone').again).toBeGreaterThan(worth('plain').again);
    expect(duplicatesOf(alone, 0.5).length).toBeGreaterThan(0);
    const left = alone.filter((one) => !duplicatesOf(alone, 0.5).some(({ detection }) => detection === one));
    expect(duplicatesOf(left, 0.5)).toEqual([]);
  });

  it('two queries find two objects at the most', () => {
    const step = lesson.steps.find(({ id }) => id === 'fewer');
    expect(step?.set?.kept).toBe(said('fewer').boxes.length / 4);
    expect(worth('fewer').found).toBeLessThanOrEqual(2);
    expect(worth('fewer').found).toBeLessThan(worth('plain').found);
    expect(spreadOrder(CONFIG.queries).slice(0, 2)).toEqual([0, 8]);
  });

  it('equal queries say one thing', () => {
    const { probs, boxes } = said('equal');
    for (const [table, width] of [
      [probs, CONFIG.classes + 1],
      [boxes, 4],
    ] as const)
      table.forEach((value, i) => expect(value).toBeCloseTo(table[i % width]!, 4));
    expect(worth('equal').found).toBeLessThan(worth('plain').found);
  });

  it('without positions boxes lie elsewhere', () => {
    expect(worth('positions').found).toBeLessThan(worth('plain').found);
  });
});

describe('what is stored of many scenes', () => {
  it('is of the weights that lie here: after a new export run tests/measure.py', () => {
    const config = JSON.parse(readFileSync('models/detr-cnn/config.json', 'utf8')) as {
      readonly files: Readonly<Record<string, { readonly sha256: string }>>;
    };
    expect(MEASURED.weights).toBe(config.files['model.safetensors']?.sha256);
  });

  it('agrees with the network’s own evaluation', () => {
    const own = heldOut('cnn', 'unseen');
    expect(own).toBeDefined();
    expect([own!.scenes, own!.objects]).toEqual([MEASURED.scenes, MEASURED.objects]);
    // The evaluation computes in half precision.
    expect(Math.abs(own!.ap50 - counted('plain').ap50)).toBeLessThan(0.02);
    expect(Math.abs(own!.ap - counted('plain').ap)).toBeLessThan(0.02);
  });

  it('bears the lesson out', () => {
    const [plain, alone] = [counted('plain'), counted('alone')];
    expect(alone.duplicates).toBeGreaterThan(4 * plain.duplicates);
    expect(Math.abs(alone.found - plain.found) / plain.found).toBeLessThan(0.1);
    expect(suppressedAt(0.5).alone.duplicates).toBeLessThan(alone.duplicates / 10);
    expect(suppressedAt(0.5).alone.ap50).toBeGreaterThan(alone.ap50);
    expect(LAYERS).toHaveLength(CONFIG.decoderDepth);
    expect(LAYERS[0]!.duplicates).toBeGreaterThan(2 * LAYERS[1]!.duplicates);
    expect(countedWith(2).found).toBeLessThan(countedWith(8).found);
    expect(countedWith(CONFIG.queries)).toMatchObject(plain);
    expect(counted('equal').found).toBeLessThan(plain.found / 4);
    expect(counted('placeless').found).toBeLessThan(plain.found / 4);
  });
});

describe('the stems', () => {
  const [cnn, patches] = [stemCounts('cnn'), stemCounts('patches')];

  it('are counted as by hand', () => {
    const { dim, stride, channels } = CONFIG;
    const project = dim * dim;
    expect(patches.stem.parameters).toBe(channels * stride ** 2 * dim + dim + project + dim);
    expect(patches.stem.macs).toBe(patches.tokens * (channels * stride ** 2 * dim + project));
    const widths = [channels, dim / 4, dim / 2, dim];
    const kernels = [0, 1, 2].map((i) => 9 * widths[i]! * widths[i + 1]!);
    const sides = [32, 16, 8];
    const macs = kernels.reduce((sum, kernel, i) => sum + kernel * sides[i]! ** 2, 0);
    expect(cnn.stem.macs).toBe(macs + cnn.tokens * project);
    expect([cnn.seen, patches.seen, seenByConvolutions(1)]).toEqual([15, 8, 3]);
  });

  it('are as far apart as the prose says', () => {
    expect(cnn.stem.parameters / patches.stem.parameters).toBeGreaterThan(2);
    expect(cnn.stem.macs / patches.stem.macs).toBeGreaterThan(4);
    expect(cnn.stem.parameters / cnn.all.parameters).toBeLessThan(0.2);
    expect(SURE).toBe(0.5);
  });
});
