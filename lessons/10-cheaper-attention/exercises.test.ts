import { describe, expect, it } from 'vitest';
import { mistakeIn } from '#lib/notebook/mistakes.ts';
import { cellOrders } from './cell-orders.ts';
import { COST_CASES, costTask } from './cost-exercise.ts';
import { buildGraph } from '#lib/models/registry.ts';
import { stagesOf } from '#lib/models/swin/config.ts';
import { swinPresets } from '#lib/models/swin/presets.ts';
import { FRONT_CASES, frontTask } from './front-exercise.ts';
import { GATHER_CASES, gatherTask } from './gather-exercise.ts';
import { LINEAR_CASES, linearTask } from './linear-exercise.ts';
import { MASK_CASES, maskTask } from './mask-exercise.ts';
import { REACH_CASES, reachTask } from './reach-exercise.ts';
import { SEED_QUESTIONS } from './seed-questions.ts';
import { SHARP_QUESTIONS } from './sharp-questions.ts';

const told = (
  task: { mistakes: Parameters<typeof mistakeIn>[0] },
  given: number[],
  right: readonly number[],
) => mistakeIn(task.mistakes, given, right)?.say.en;

describe('costs', () => {
  it.each(COST_CASES)('$grid × $grid tokens, windows of $window, $headDim numbers', (asked) => {
    const task = costTask(asked);
    const [N, d] = [asked.grid ** 2, asked.headDim];
    expect(task.macs).toEqual([2 * N * N * d, 2 * N * asked.window ** 2 * d, 2 * N * d * d]);
    expect(new Set(task.macs).size).toBe(3);
  });
  it('usual mistakes are told', () => {
    const task = costTask(COST_CASES[0]!);
    const [all, windows, linear] = task.macs as [number, number, number];
    expect(told(task, [all / 2, windows / 2, linear / 2], task.macs)).toContain('one product');
    expect(told(task, [all / 16, windows / 16, linear / 16], task.macs)).toContain('counted pairs');
    expect(told(task, [all, windows / 16, linear], task.macs)).toContain('one window');
    expect(told(task, [all, windows / 2, linear], task.macs)).toContain('one side');
    expect(told(task, [all, windows, all], task.macs)).toContain('third number');
    expect(told(task, [windows, all, linear], task.macs)).toContain('another order');
    expect(told(task, [all, windows, linear], task.macs)).toBeUndefined();
  });
});

describe('masks', () => {
  it.each(MASK_CASES)('$grid × $grid in windows of $window', (asked) => {
    const along = asked.grid / asked.window;
    // An even window in the corner: four regions of a quarter of its tokens.
    expect(maskTask(asked).answer).toEqual([
      2 * along - 1,
      asked.window ** 4 - 4 * (asked.window ** 2 / 4) ** 2,
    ]);
  });
  it('usual mistakes are told', () => {
    const task = maskTask({ grid: 16, window: 4 });
    const [windows, pairs] = task.answer;
    expect([windows, pairs]).toEqual([7, 192]);
    expect(told(task, [16, pairs], task.answer)).toContain('all 0');
    expect(told(task, [8, pairs], task.answer)).toContain('corner twice');
    expect(told(task, [4, pairs], task.answer)).toContain('last row or the last column');
    expect(told(task, [windows, 64], task.answer)).toContain('zeros');
    expect(told(task, [windows, 256], task.answer)).toContain('all pairs');
  });
});

describe('linear attention by hand', () => {
  it.each(LINEAR_CASES)('a query $q: whole numbers, and both orders of the page agree', (asked) => {
    const task = linearTask(asked);
    for (const n of task.answer) expect(Number.isInteger(n)).toBe(true);
    const [k0, k1] = task.answer as [number, number];
    const flat = Float32Array.from(asked.k.flat());
    // The query is the first of three tokens; the value is the first of two features.
    const cell = cellOrders(
      {
        q: Float32Array.from([...asked.q, 0, 0, 0, 0]),
        k: flat,
        v: Float32Array.from(asked.v.flatMap((value) => [value, 0])),
        kv: Float32Array.from([k0, 0, k1, 0]),
        normaliser: Float32Array.from([task.Z, 1, 1]),
      },
      { heads: 1, tokens: 3, head: 0, token: 0, feature: 0 },
    );
    expect(cell.pairs.value).toBeCloseTo(task.answer[2]!, 5);
    expect(cell.state.value).toBeCloseTo(task.answer[2]!, 5);
  });
  it('usual mistakes are told', () => {
    const task = linearTask(LINEAR_CASES[0]!);
    expect(task.answer).toEqual([8, 14, 2]);
    expect(told(task, [0, 13, 1], task.answer)).toContain('as they are');
    expect(told(task, [8, 14, 16], task.answer)).toContain('divided by Z');
    expect(told(task, [8, 14, 5.33], task.answer)).toContain('number of tokens');
  });
});

describe('gathered windows', () => {
  it.each(GATHER_CASES)('$image pixels, stage $stage, $r left out', (asked) => {
    const { shape, all, out, window, dim } = gatherTask(asked);
    expect(out).toBe(Math.floor(asked.r * all));
    expect(shape).toEqual([all - out, window ** 2, dim]);
    // What computes the tensor says the same.
    const whole = { ...swinPresets['swin-shifted-64']!, image: asked.image };
    const kept = stagesOf(whole).map(({ windows }) => windows ** 2 - Math.floor(asked.r * windows ** 2));
    const graph = buildGraph({ architecture: 'swin', config: { ...whole, kept } });
    expect(graph.value(`layers.${asked.stage}.blocks.0.kept`).shape.slice(1)).toEqual(shape);
  });
  it('usual mistakes are told', () => {
    const task = gatherTask(GATHER_CASES[0]!);
    expect(task.shape).toEqual([12, 16, 64]);
    expect(told(task, [4, 16, 64], task.shape)).toContain('left out');
    expect(told(task, [16, 16, 64], task.shape)).toContain('all windows');
    expect(told(task, [11, 16, 64], task.shape)).toContain('rounded down');
    expect(told(task, [12, 256, 64], task.shape)).toContain('M² tokens');
  });
});

describe('the reach of a change', () => {
  it.each(REACH_CASES)('$image pixels, patches of $patch, windows of $window', (asked) => {
    const { answer, last } = reachTask(asked);
    const preset = swinPresets['swin-window-64']!;
    const stage = stagesOf({ ...preset, ...asked, depths: [2, 2] })[1]!;
    expect(answer).toEqual([stage.window ** 2, stage.tokens]);
    // Windows fill both grids, so that each of the first stage lies within one of the second.
    expect(last % asked.window).toBe(0);
  });
  it('usual mistakes are told', () => {
    const task = reachTask(REACH_CASES[0]!);
    expect(task.answer).toEqual([16, 144]);
    expect(told(task, [4, 144], task.answer)).toContain('after merging');
    expect(told(task, [144, 144], task.answer)).toContain('nothing crosses');
    expect(told(task, [1, 144], task.answer)).toContain('mixes');
    expect(told(task, [16, 576], task.answer)).toContain('four of them into one');
    expect(told(task, [144, 16], task.answer)).toContain('another order');
  });
});

describe('a Pareto front read off', () => {
  it.each(FRONT_CASES.map((asked, i) => [i, asked] as const))('case %i', (_, asked) => {
    const { answer } = frontTask(asked);
    const beaten = asked.choices.filter((a) =>
      asked.choices.some(
        (b) => b.cost <= a.cost && b.score >= a.score && (b.cost < a.cost || b.score > a.score),
      ),
    );
    expect(answer[0]).toBe(asked.choices.length - beaten.length);
    expect(asked.choices.filter(({ cost }) => cost <= asked.budget).map(({ score }) => score)).toContain(
      answer[1],
    );
  });
  it('usual mistakes are told', () => {
    const task = frontTask(FRONT_CASES[0]!);
    expect(task.answer).toEqual([3, 96]);
    expect(told(task, [3, 104], task.answer)).toContain('rejects');
    expect(told(task, [2, 96], task.answer)).toContain('all choices');
    expect(told(task, [5, 96], task.answer)).toContain('Not every');
    expect(told(task, [1, 96], task.answer)).toContain('both on the front');
    expect(told(task, [4, 96], task.answer)).toContain('beaten too');
    expect(told(task, [96, 3], task.answer)).toContain('another order');
  });
});

it('each question has one right answer', () => {
  for (const { options } of [...SHARP_QUESTIONS, ...SEED_QUESTIONS])
    expect(options.filter(({ right }) => right)).toHaveLength(1);
});
