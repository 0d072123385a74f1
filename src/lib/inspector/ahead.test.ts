import * as dagre from '@dagrejs/dagre';
import { expect, it, vi } from 'vitest';
import { graphOf } from '#lib/models/registry.ts';
import { vitPresets } from '#lib/models/vit/graph.ts';
import '#lib/models/all.ts';
import { readAhead } from './ahead.ts';
import { drawingOf } from './layout.ts';
import { descriptionOf, firstOpen, outlineOf } from './lookup.ts';

vi.mock('@dagrejs/dagre', async (original) => {
  const real = await original<typeof dagre>();
  return { ...real, layout: vi.fn(real.layout) };
});

it('what the panes need of a model is worked out before they have it, in turns of its own', async () => {
  const of = { architecture: 'vit', config: vitPresets['vit-b-16']! };
  let turns = 0;
  const count = setInterval(() => turns++);
  await readAhead(of, 'no such tensor');
  clearInterval(count);
  expect(turns).toBeGreaterThanOrEqual(2);
  const graph = graphOf(of);
  expect(firstOpen(graph)).toBe('blocks.0.attn.probs');
  const laidOut = vi.mocked(dagre.layout).mock.calls.length;
  expect(laidOut).toBeGreaterThan(0);
  // Nothing is laid out when the panes ask.
  expect(drawingOf(outlineOf(graph), new Set(['blocks.0'])).boxes.length).toBeGreaterThan(20);
  expect(vi.mocked(dagre.layout).mock.calls.length).toBe(laidOut);
  expect(outlineOf(graph)).toBe(outlineOf(graph));
  expect(descriptionOf(graph)).toBe(descriptionOf(graph));
});
