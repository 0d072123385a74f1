import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { parseSafetensors, writeSafetensors } from '#lib/weights/safetensors.ts';
import { findingLines, type Finding } from './lib/findings.ts';
import { inside } from './testing.ts';

vi.setConfig({ testTimeout: 120_000 });
const MODEL = 'models/detr-tiny';
const golden = parseSafetensors(readFileSync(`${MODEL}/golden.safetensors`));
const folder = mkdtempSync(join(tmpdir(), 'patchwork-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'x.safetensors');
writeFileSync(file, writeSafetensors([{ name: 'x', shape: [1, 3, 32, 32], data: golden.float32('g/x') }]));

describe('patchwork run on a detector', () => {
  it('gives every query’s class, probability and box, the surest first, as PyTorch has them', async () => {
    const { status, stdout, stderr } = await inside('run', MODEL, '--input', file, '--json');
    expect([status, stderr]).toEqual([0, '']);
    const { objects } = (JSON.parse(stdout) as { images: { objects: Finding[] }[] }).images[0]!;
    expect(objects.map(({ query }) => query).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const [probs, boxes] = [golden.float32('g/probs'), golden.float32('g/boxes')];
    for (const { query, p, box } of objects) {
      expect(p).toBeCloseTo(Math.max(...probs.slice(query * 5, query * 5 + 4)), 5);
      [box.cx, box.cy, box.w, box.h].forEach((v, i) => expect(v).toBeCloseTo(boxes[4 * query + i]!, 5));
    }
    expect(objects.map(({ p }) => p)).toEqual(objects.map(({ p }) => p).sort((a, b) => b - a));
    expect(objects.map((one) => one.name)).toEqual(expect.arrayContaining(['panda']));
  });

  it('says in words what is there at 50 % or more, or what comes nearest', async () => {
    const { stdout } = await inside('run', MODEL, '--input', file);
    expect(stdout).toMatch(/no object at 50 % or more; the surest:\n {3}\d\d\.\d % {2}\w+ {2}centre/);
    const box = { cx: 0.5, cy: 0.25, w: 0.125, h: 0.5 };
    const found = [
      { query: 3, class: 'a', name: 'fox', p: 0.98, box },
      { query: 1, class: 'b', name: 'panda', p: 0.5, box },
      { query: 2, class: 'b', name: 'panda', p: 0.49, box },
    ];
    expect(findingLines(found)).toEqual([
      '   98.0 %  fox    centre 50.0 % across, 25.0 % down; 12.5 % wide, 50.0 % high; query 3',
      '   50.0 %  panda  centre 50.0 % across, 25.0 % down; 12.5 % wide, 50.0 % high; query 1',
    ]);
  });
});
