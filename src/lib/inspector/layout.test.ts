import { describe, expect, it } from 'vitest';
import { graphOf, preset, presetNames } from '#lib/models/registry.ts';
import { vit, vitPresets } from '#lib/models/vit/graph.ts';
import { blocksOf } from '#lib/graph/blocks.ts';
import { outline } from '#lib/graph/outline.ts';
import { drawingOf, pathOf, type Box } from './layout.ts';

const o = outline(vit({ ...vitPresets['vit-ti-16']!, depth: 4 }));
const apart = (a: Box, b: Box) =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
const holds = (a: Box, b: Box) =>
  a.x <= b.x && a.y <= b.y && a.x + a.width >= b.x + b.width && a.y + a.height >= b.y + b.height;

describe('the drawn graph', () => {
  it('has one box a block, none over another, all within the drawing, the data flowing down', () => {
    const { boxes, arrows, width, height } = drawingOf(o, new Set());
    expect(boxes.map((b) => b.name)).toContain('blocks.3');
    expect(boxes.some((b) => b.name.includes('attn'))).toBe(false);
    for (const a of boxes) {
      expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= width && a.y + a.height <= height, a.name).toBe(true);
      for (const b of boxes) if (a !== b) expect(apart(a, b), `${a.name} ${b.name}`).toBe(true);
    }
    const y = new Map(boxes.map((b) => [b.id, b.y]));
    for (const arrow of arrows) expect(y.get(arrow.to)!).toBeGreaterThan(y.get(arrow.from)!);
  });

  it('holds an open block’s tensors inside it, with what enters them', () => {
    const { boxes, arrows } = drawingOf(o, new Set(['blocks.1']));
    const block = boxes.find((b) => b.name === 'blocks.1' && b.kind === 'open')!;
    const inner = boxes.filter((b) => b !== block && holds(block, b));
    expect(inner.filter((b) => b.kind === 'tensor').map((b) => b.label)).toContain('attn.probs');
    expect(inner.filter((b) => b.kind === 'entry').map((b) => b.label)).toEqual(['blocks.0']);
    expect(inner.length).toBe(17);
    for (const a of inner) for (const b of inner) if (a !== b) expect(apart(a, b)).toBe(true);
    const skips = arrows.filter((a) => a.skip).map((a) => `${a.from} ${a.to}`);
    expect(skips).toEqual(['blocks.1>blocks.0 blocks.1.attn.residual', 'blocks.1.attn.residual #blocks.1']);
  });

  it('draws each line from its tensor to its reader', () => {
    const { boxes, arrows } = drawingOf(o, new Set(['blocks.1']));
    const find = (id: string) => boxes.find((b) => b.id === id)!;
    const onEdge = ([x, y]: readonly [number, number], b: Box) =>
      Math.abs(
        Math.max(
          Math.abs(x - b.x - b.width / 2) - b.width / 2,
          Math.abs(y - b.y - b.height / 2) - b.height / 2,
        ),
      ) < 1;
    for (const { from, to, points } of arrows) {
      expect(onEdge(points[0]!, find(from)), `${from} ${to}`).toBe(true);
      expect(onEdge(points.at(-1)!, find(to)), `${from} ${to}`).toBe(true);
    }
  });

  it('writes a tensor that every block reads beside each of them, and keeps the stream straight', () => {
    const dit = outline(graphOf(preset('dit-xl-2')!));
    const { boxes, arrows, width } = drawingOf(dit, new Set());
    const notes = boxes.filter((b) => b.id.startsWith('>c_silu>'));
    expect(notes.length).toBeGreaterThan(25);
    expect(notes.every((b) => b.kind === 'entry' && b.name === 'c_silu')).toBe(true);
    expect(arrows.filter((a) => a.from === 'c_silu')).toHaveLength(1);
    const middle = (name: string) => {
      const b = boxes.find((x) => x.name === name)!;
      return b.x + b.width / 2;
    };
    for (let i = 1; i < 28; i++) expect(Math.abs(middle(`blocks.${i}`) - middle('blocks.1'))).toBeLessThan(1);
    expect(width).toBeLessThan(900);
    for (const a of boxes)
      for (const b of boxes) if (a !== b) expect(apart(a, b), `${a.id} ${b.id}`).toBe(true);
  });

  it.each(presetNames())(
    'gives every box and arrow of %s a name of its own, with all blocks unfolded',
    (name) => {
      const whole = outline(graphOf(preset(name)!));
      const open = new Set(blocksOf(whole.nodes.map((n) => n.name)).values());
      const { boxes, arrows } = drawingOf(whole, open);
      const twice = (ids: readonly string[]) => ids.filter((id, i) => ids.indexOf(id) !== i);
      expect(twice(boxes.map((b) => b.id))).toEqual([]);
      expect(twice(arrows.map((a) => `${a.from} ${a.to}`))).toEqual([]);
    },
  );

  it('makes a path that begins and ends where its points do', () => {
    expect(
      pathOf([
        [0, 0],
        [10, 10],
        [0, 20],
      ]),
    ).toBe('M0,0Q10,10 5,15L0,20');
    expect(pathOf([])).toBe('');
  });
});
