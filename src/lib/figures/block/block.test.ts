import { describe, expect, it } from 'vitest';
import { vit, vitPresets } from '#lib/models/vit/graph.ts';
import { Graph } from '#lib/graph/graph.ts';
import { outline } from '#lib/graph/outline.ts';
import { edgeKey, ownPath, rowOf } from './flow.ts';
import { kindOf } from './kinds.ts';
import { layoutBlock } from './layout.ts';

const graph = vit(vitPresets['vit-ti-16']!);
const block = outline(graph, { within: (n) => n === 'blocks.0' || n.startsWith('blocks.0.') });
const short = (name: string) => name.replace(/^blocks\.0\.?/, '') || 'output';

describe('kinds', () => {
  it('come from the operations', () => {
    expect(Object.fromEntries(block.nodes.map((n) => [short(n.name), kindOf(n)]))).toEqual({
      tokens: 'input',
      norm1: 'norm',
      'attn.qkv': 'linear',
      'attn.q': 'layout',
      'attn.k': 'layout',
      'attn.v': 'layout',
      'attn.scores': 'matmul',
      'attn.probs': 'softmax',
      'attn.out': 'matmul',
      'attn.merged': 'layout',
      'attn.proj': 'linear',
      'attn.residual': 'add',
      norm2: 'norm',
      'mlp.fc1': 'linear',
      'mlp.gelu': 'activation',
      'mlp.fc2': 'linear',
      output: 'add',
    });
  });
});

describe('layout', () => {
  for (const [width, pitch, aside] of [
    [440, 40, 60],
    [334, 38, 0],
    [300, 34, 110],
  ] as const) {
    const placed = layoutBlock(block, { width, pitch, nodeHeight: 24, aside });
    it(`at ${width} px: everything inside, nothing on top of anything, edges downwards`, () => {
      for (const n of placed.nodes) {
        expect(n.x - n.w / 2).toBeGreaterThanOrEqual(0);
        expect(n.x + n.w / 2).toBeLessThanOrEqual(width - aside);
        expect(n.y + n.h / 2).toBeLessThanOrEqual(placed.height);
      }
      for (const a of placed.nodes)
        for (const b of placed.nodes) {
          if (a === b) continue;
          const apart = Math.abs(a.x - b.x) >= (a.w + b.w) / 2 || Math.abs(a.y - b.y) >= (a.h + b.h) / 2 + 8;
          expect(apart, `${a.node.name} and ${b.node.name}`).toBe(true);
        }
      const y = new Map(placed.nodes.map((n) => [n.node.name, n.y]));
      for (const { edge } of placed.edges) expect(y.get(edge.to)).toBeGreaterThan(y.get(edge.from)!);
    });
    it(`at ${width} px: the stream holds the input and the two sums, in one straight line`, () => {
      const trunk = placed.nodes.filter((n) => n.trunk);
      expect(trunk.map((n) => short(n.node.name))).toEqual(['tokens', 'attn.residual', 'output']);
      expect(new Set(trunk.map((n) => n.x)).size).toBe(1);
      expect(placed.edges.filter((e) => e.trunk).map((e) => e.edge.skip)).toEqual([true, true]);
    });
    it(`at ${width} px: v passes scores and softmax without touching them`, () => {
      const at = (name: string) => placed.nodes.find((n) => short(n.node.name) === name)!;
      for (const name of ['attn.scores', 'attn.probs'])
        expect(at(name).x + at(name).w / 2).toBeLessThan(at('attn.v').x);
    });
  }
  it('frames the two modules', () => {
    expect(layoutBlock(block, { width: 440, pitch: 40, nodeHeight: 24 }).groups.map((g) => g.name)).toEqual([
      'attn',
      'mlp',
    ]);
  });
});

describe('a token’s own path', () => {
  const own = ownPath(graph, block);
  const ways = (yes: boolean) =>
    block.edges
      .filter((e) => own.has(edgeKey(e.from, e.to)) === yes)
      .map((e) => `${short(e.from)} → ${short(e.to)}`);
  it('leaves out exactly the keys and the values, which come from every token', () => {
    expect(ways(false)).toEqual(['attn.k → attn.scores', 'attn.v → attn.out']);
    expect(ways(true)).toHaveLength(block.edges.length - 2);
  });
  it('has nothing to say of a graph without tokens', () => {
    const g = new Graph('plain');
    g.add(g.input('x', [4], ['D']), g.scalar(1), 'y');
    expect(ownPath(g, outline(g)).size).toBe(0);
  });
});

describe('what a tensor holds of a token', () => {
  const data = Float32Array.from({ length: 24 }, (_, i) => i);
  it('is its row, in every head', () => {
    const of = (shape: number[], dims: string[], token: number) => [
      ...(rowOf({ name: 'x', shape, dims, data }, token) ?? []),
    ];
    expect(of([6, 4], ['T', 'D'], 2)).toEqual([8, 9, 10, 11]);
    expect(of([2, 3, 4], ['h', 'T', 'd'], 1)).toEqual([4, 5, 6, 7, 16, 17, 18, 19]);
    expect(of([6, 2, 2], ['h', 'T', 'T'], 1)).toEqual([2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23]);
    expect(of([6, 4], ['T', 'D'], 6)).toEqual([]);
    expect(of([6, 4], ['N', 'D'], 0)).toEqual([]);
  });
});
