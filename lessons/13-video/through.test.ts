import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { uniformDistance } from '#lib/analysis/attention.ts';
import { uniformTime } from '#lib/analysis/space-time.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { changedOrder } from './changes.ts';
import { exchanged, evenly, printOrder, readOrder } from './frame-order.ts';
import { measured, type Way } from './held-out.ts';
import lesson from './lesson.ts';
import { CONFIG, LABELS, SIZES } from './model.ts';
import { MOTIONS, TASKS, type Task } from './motions.ts';
import { NETS, state } from './state.ts';
import { chanceOf, classesOf, sharesOf } from './task-answers.ts';

/** What the prose says was to be seen, held to PyTorch's answers and to what was measured on held-out clips. */
const golden = parseSafetensors(new Uint8Array(readFileSync('lessons/13-video/tests/golden.safetensors')));
const stepOf = (id: string) => lesson.steps.find((step) => step.id === id)?.set;
/** Part of the true class among those of its task. */
function truth(net: string, motion: 'right' | 'left-first' | 'right-first', change: string): number {
  const task: Task = motion === 'right' ? 'direction' : 'first';
  const shares = sharesOf(golden.float32(`${net}.${motion}.${change}`), classesOf(task));
  return shares.find(({ id }) => id === motion)?.part ?? NaN;
}
const accuracy = (net: (typeof NETS)[number], way: Way, task: Task | 'mean') =>
  measured(net, way, task) ?? NaN;

it('classes, tasks and chance are those of the clips', () => {
  expect(LABELS.map(({ id }) => id)).toEqual([...MOTIONS]);
  expect([...new Set(LABELS.map(({ group }) => group))]).toEqual([...TASKS]);
  expect(chanceOf('direction')).toBe(0.25);
  expect(chanceOf('mean')).toBeCloseTo(0.45, 10);
});

describe('the orders of frames', () => {
  it('of the changes are as training measures them', () => {
    const settings = { seed: state.fields.mix.default, frame: 3 };
    expect(changedOrder('drop', 8, settings)).toEqual([0, 0, 2, 2, 4, 4, 6, 6]);
    expect(changedOrder('reverse', 4, settings)).toEqual([3, 2, 1, 0]);
    expect(changedOrder('freeze', 4, settings)).toEqual([3, 3, 3, 3]);
    const shuffled = changedOrder('shuffle', 8, settings);
    expect(shuffled.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(shuffled).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
  it('of the reader fit the film, or count for nothing', () => {
    expect(readOrder('3.0.0.1', 4, 4)).toEqual([3, 0, 0, 1]);
    for (const bad of ['', '1.2', '4.0.0.0', '0.0.0.-1', 'a.b.c.d', '0.0.0.0.0'])
      expect(readOrder(bad, 4, 4), bad).toBeUndefined();
    expect(evenly(24, 8)).toEqual([1, 4, 7, 10, 13, 16, 19, 22]);
    expect(evenly(8, 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(exchanged([5, 6, 7], 0, -1)).toEqual([5, 6, 7]);
    expect(printOrder(exchanged([5, 6, 7], 0, 1))).toBe('6.5.7');
  });
});

describe.each(NETS)('the network %s', (net) => {
  it('is right for the clips that the breaks open with, and wrong or in doubt once they are broken', () => {
    expect(stepOf('shuffle')).toMatchObject({ change: 'shuffle', motion: 'right', mix: 1, seed: 3 });
    expect(stepOf('freeze')).toMatchObject({ change: 'freeze', motion: 'right', frame: 0 });
    expect(truth(net, 'right', 'ordered')).toBeGreaterThan(0.9);
    for (const change of ['shuffle', 'reverse', 'freeze'])
      expect(truth(net, 'right', change), change).toBeLessThan(0.6);
    expect(stepOf('positions')).toMatchObject({ change: 'positions', motion: 'left-first' });
    for (const motion of ['left-first', 'right-first'] as const)
      expect(truth(net, motion, 'ordered')).toBeGreaterThan(0.9);
    // Without the clock both clips get the same answer, so that one of the two is named wrongly.
    const said = ['left-first', 'right-first'] as const;
    for (const motion of said)
      expect(truth(net, motion, 'positions') > 0.5, motion).toBe(motion === 'right-first');
  });
  it('needs the order, and no single frame: what the outcomes say of held-out clips', () => {
    expect(accuracy(net, 'ordered', 'direction')).toBeGreaterThanOrEqual(0.95);
    expect(accuracy(net, 'ordered', 'mean')).toBeGreaterThanOrEqual(0.85);
    expect(accuracy(net, 'shuffled', 'direction')).toBeLessThan(0.55);
    expect(accuracy(net, 'reversed', 'direction')).toBeLessThan(0.1);
    // No more than a guess knows which way a sign turns: the prose says so.
    expect(accuracy(net, 'ordered', 'turning')).toBeLessThan(0.62);
    expect(Math.abs(accuracy(net, 'frozen', 'mean') - chanceOf('mean'))).toBeLessThan(0.06);
    expect(accuracy(net, 'half', 'mean')).toBeLessThan(accuracy(net, 'ordered', 'mean') - 0.2);
  });
  it('reads which sign moves first from the clock, and the direction without it', () => {
    expect(accuracy(net, 'timeless', 'first')).toBeLessThan(accuracy(net, 'ordered', 'first') - 0.2);
    expect(accuracy(net, 'timeless', 'direction')).toBeGreaterThan(0.9);
  });
});

it('heads of joint attention look nearly as far as if they looked everywhere alike', () => {
  const distances = golden.float32('joint.distances');
  expect(distances).toHaveLength(CONFIG.depth * CONFIG.heads * 2);
  const even = [uniformTime(SIZES.times), uniformDistance(SIZES.grid)];
  const far = [...distances].map((v, i) => v / even[i % 2]!);
  const near = far.filter((v) => Math.abs(v - 1) < 0.25);
  expect(near.length / far.length).toBeGreaterThan(0.8);
});
