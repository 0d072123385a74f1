import { expect, it } from 'vitest';
import { gaussian } from '#lib/graph/seeded.ts';
import { runGraph } from '#lib/graph/session.testing.ts';
import { lively } from '#lib/models/held.testing.ts';
import { swinPresets } from '#lib/models/swin/presets.ts';
import { swin } from '#lib/models/swin/graph.ts';
import { greyedInput } from './rolled-input.ts';
import { errorsOf } from './weight-rows.ts';

/** Tokens of the last stage, 8 × 8, that move when a cell of the picture turns grey; with weights of no training. */
async function reached(name: 'swin-window-64' | 'swin-shifted-64', cell: number): Promise<number[]> {
  const graph = swin(swinPresets[name]!);
  const weights = lively(graph);
  const x = Float32Array.from({ length: 3 * 64 * 64 }, gaussian(5));
  const grey = greyedInput(x, 64, { row: Math.floor(cell / 8), col: cell % 8, size: 8 });
  const [before, after] = [
    (await runGraph(graph, ['norm'], { x }, weights))['norm']!,
    (await runGraph(graph, ['norm'], { x: grey }, weights))['norm']!,
  ];
  const { each } = errorsOf(after.data, before.data, { heads: 1, tokens: 64, head: 0 });
  return [...each.keys()].filter((i) => each[i]! > 1e-5);
}

it('without a shift a change stays in its window of the last stage, 16 of 64 tokens; with it, it reaches all', async () => {
  // The cell at the inner corner of the first window.
  const window = await reached('swin-window-64', 3 * 8 + 3);
  expect(window).toEqual([0, 1, 2, 3].flatMap((row) => [0, 1, 2, 3].map((col) => row * 8 + col)));
  // Its neighbour across the border shares nothing with it.
  expect(await reached('swin-window-64', 3 * 8 + 4)).not.toEqual(expect.arrayContaining([window[0]!]));
  expect(await reached('swin-shifted-64', 3 * 8 + 3)).toHaveLength(64);
});
