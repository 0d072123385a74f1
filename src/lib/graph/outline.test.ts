import { describe, expect, it } from 'vitest';
import { vit, vitPresets } from '#lib/models/vit/graph.ts';
import { Graph } from './graph.ts';
import { outline } from './outline.ts';

const graph = vit(vitPresets['vit-ti-16']!, { interventions: true });
const of = (i: number, all = graph) =>
  outline(all, {
    within: (name) => name === `blocks.${i}` || name.startsWith(`blocks.${i}.`),
    without: (name) => all.values.get(name)?.kind === 'input',
  });

describe('the outline of a block', () => {
  const { nodes, edges } = of(3);
  const short = (name: string) => name.replace(/^blocks\.3\.?/, '') || 'out';

  it('has the named tensors in the order of computation, and the one that feeds them at its boundary', () => {
    expect(nodes.map((n) => (n.boundary ? `(${n.name})` : short(n.name)))).toEqual([
      '(blocks.2)',
      'norm1',
      'attn.qkv',
      'attn.q',
      'attn.k',
      'attn.v',
      'attn.scores',
      'attn.probs',
      'attn.out',
      'attn.merged',
      'attn.proj',
      'attn.residual',
      'norm2',
      'mlp.fc1',
      'mlp.gelu',
      'mlp.fc2',
      'out',
    ]);
  });

  it('has exactly the edges of the formulas, and knows which two are residual paths', () => {
    expect(edges.map((e) => `${short(e.from)} ${e.skip ? '⇒' : '→'} ${short(e.to)}`)).toEqual([
      'blocks.2 → norm1',
      'norm1 → attn.qkv',
      'attn.qkv → attn.q',
      'attn.qkv → attn.k',
      'attn.qkv → attn.v',
      'attn.q → attn.scores',
      'attn.k → attn.scores',
      'attn.scores → attn.probs',
      'attn.probs → attn.out',
      'attn.v → attn.out',
      'attn.out → attn.merged',
      'attn.merged → attn.proj',
      'blocks.2 ⇒ attn.residual',
      'attn.proj → attn.residual',
      'attn.residual → norm2',
      'norm2 → mlp.fc1',
      'mlp.fc1 → mlp.gelu',
      'mlp.gelu → mlp.fc2',
      'attn.residual ⇒ out',
      'mlp.fc2 → out',
    ]);
  });

  it('ranks each node after all it reads, and gives each weight to the tensor that uses it first', () => {
    const rank = new Map(nodes.map((n) => [n.name, n.rank]));
    for (const e of edges) expect(rank.get(e.to)).toBeGreaterThan(rank.get(e.from)!);
    expect(nodes.flatMap((n) => n.weights.map((w) => `${short(n.name)}: ${short(w.name)}`))).toEqual(
      ['norm1', 'attn.qkv', 'attn.proj', 'norm2', 'mlp.fc1', 'mlp.fc2'].flatMap((n) => [
        `${n}: ${n}.weight`,
        `${n}: ${n}.bias`,
      ]),
    );
    expect(nodes.find((n) => n.name.endsWith('mlp.gelu'))?.ops).toEqual(['Div', 'Erf', 'Add', 'Mul', 'Mul']);
  });

  it('starts at the tokens in block 0', () => {
    expect(of(0).nodes[0]).toMatchObject({ name: 'tokens', boundary: true, rank: 0 });
  });
});

describe('the outline of a whole graph', () => {
  it('leaves nothing out and has no boundary', () => {
    const { nodes } = outline(graph);
    expect(nodes.map((n) => n.name).sort()).toEqual(graph.tensorNames().sort());
    expect(nodes.some((n) => n.boundary)).toBe(false);
    expect(new Set(nodes.flatMap((n) => n.weights)).size).toBe(
      [...graph.values.values()].filter((v) => v.kind === 'weight').length,
    );
  });

  it('counts one edge where a tensor is read twice', () => {
    const g = new Graph('square');
    const x = g.input('x', [2], ['D']);
    g.mul(x, g.add(x, g.scalar(1)), 'y');
    expect(outline(g).edges).toEqual([{ from: 'x', to: 'y', skip: false }]);
  });
});
