import { describe, expect, it } from 'vitest';
import { vit, vitPresets } from '#lib/models/vit/graph.ts';
import { Graph } from './graph.ts';
import type { Value } from './types.ts';
import { OPS } from './ops/index.ts';
import { TORCH_OPS } from './torch-ops.ts';
import { pythonName } from './torch-lines.ts';
import { torchScript } from './torch.ts';

// training/tests/test_torch.py runs such scripts and compares their tensors.
const config = { ...vitPresets['vit-ti-16']!, depth: 2 };
const graph = vit(config);

describe('a PyTorch script', () => {
  it('knows every operation a graph may use', () => {
    expect(Object.keys(TORCH_OPS).sort()).toEqual(Object.keys(OPS).sort());
  });

  it('holds what the tensor needs and nothing after it', () => {
    const { code, inputs, weights, loaded } = torchScript(graph, 'blocks.0.attn.probs', {
      title: 'ViT-Ti/16',
      files: ['model.safetensors'],
    });
    expect(inputs).toEqual(['x']);
    expect(loaded).toEqual([]);
    expect(weights).toContain('blocks.0.attn.qkv.weight');
    expect(code).not.toContain('mlp');
    expect(code).toContain('load_file("model.safetensors")');
    expect(code).toContain('blocks_0_attn_probs = torch.softmax(blocks_0_attn_scores, dim=-1)');
  });

  it('writes Linear and GELU as PyTorch has them', () => {
    const { code } = torchScript(graph, 'blocks.0', { title: 't' });
    expect(code).toContain(
      'F.linear(blocks_0_norm1, w["blocks.0.attn.qkv.weight"], w["blocks.0.attn.qkv.bias"])',
    );
    expect(code).toContain('blocks_0_mlp_gelu = F.gelu(blocks_0_mlp_fc1)');
    const tanh = torchScript(vit({ ...config, gelu: 'tanh' }), 'blocks.0', { title: 't' });
    expect(tanh.code).toContain('F.gelu(blocks_0_mlp_fc1, approximate="tanh")');
  });

  it('uses every name only after it was given', () => {
    const live = vit({ ...config, positions: 'sincos2d', pool: 'gap' }, { interventions: true });
    const { code, loaded } = torchScript(live, 'probs', { title: 't', files: ['w.safetensors'] });
    expect(loaded.map((l) => l.value.shape)).toEqual([[1, 197, 192]]);
    const given = new Set(['w', 'F', 'torch', 'load_file', 'result']);
    for (const line of code.split('\n')) {
      const [, left, right = ''] = /^(\w+) = (.*?)(?: {2}#.*)?$/.exec(line) ?? [];
      if (!left || left === 'w' || left === 'result') continue;
      const names = right.replace(/"[^"]*"/g, '').match(/(?<![\w.])[a-z_]\w*(?!\w*[(=])/g) ?? [];
      for (const name of names) if (!['dim', 'keepdim'].includes(name)) expect(given, line).toContain(name);
      given.add(left);
    }
  });

  it('writes a cyclic shift as torch.roll, along one dimension or several', () => {
    const g = new Graph('g');
    const x = g.input('x', [5, 4], ['T', 'D']);
    const roll = (of: Value, axis: number, from: number, size: number) =>
      g.concat([g.slice(of, axis, from, size), g.slice(of, axis, 0, from)], axis);
    g.identity(roll(x, 0, 2, 5), 'up');
    g.identity(roll(roll(x, 0, 4, 5), 1, 3, 4), 'both');
    // Two parts in the other order that leave one row out are no roll.
    g.concat([g.slice(x, 0, 3, 5), g.slice(x, 0, 0, 2)], 0, 'less');
    const of = (name: string) => torchScript(g, name, { title: 't' }).code;
    expect(of('up')).toContain('torch.roll(x, -2, dims=0)');
    expect(of('both')).toContain('torch.roll(x, (1, 1), dims=(0, 1))');
    expect(of('less')).toContain('torch.cat([x[3:5, :], x[0:2, :]], dim=0)');
  });

  it('keeps a step that others read too', () => {
    const g = new Graph('g');
    const x = g.input('x', [2, 3], ['T', 'D']);
    const e = g.exp(x);
    const y = g.add(g.mul(e, e), g.scalar(-0.1), 'y');
    expect(torchScript(g, y.name, { title: 't' }).code).toContain(
      't_0 = torch.exp(x)\ny = (t_0 * t_0) + (-0.1)',
    );
  });

  it('names tensors as Python can', () => {
    expect([pythonName('blocks.3.attn.q'), pythonName('_17'), pythonName('3d')]).toEqual([
      'blocks_3_attn_q',
      't_17',
      't_3d',
    ]);
  });

  it('has no line for what is fed', () => {
    expect(() => torchScript(graph, 'x', { title: 't' })).toThrow(/not computed/);
    expect(() => torchScript(graph, 'nothing', { title: 't' })).toThrow(/no tensor/);
  });
});

describe('a script that begins at given tensors', () => {
  it('reads them as inputs, and leaves out what makes them', () => {
    const { code, inputs, weights } = torchScript(graph, 'blocks.1.attn.out', {
      title: 't',
      given: ['blocks.1.attn.probs', 'blocks.1.attn.v', 'logits'],
    });
    expect(inputs).toEqual(['blocks.1.attn.v', 'blocks.1.attn.probs']);
    expect(weights).toEqual([]);
    expect(code).toContain('blocks_1_attn_out = blocks_1_attn_probs @ blocks_1_attn_v');
    expect(code).not.toContain('softmax');
  });

  it('has no line for what is given', () => {
    expect(() => torchScript(graph, 'norm', { title: 't', given: ['norm'] })).toThrow(/not computed/);
    expect(() => torchScript(graph, 'norm', { title: 't', given: ['nothing'] })).toThrow(/no tensor/);
  });
});
