import { describe, expect, it } from 'vitest';
import { vit, vitPresets } from '#lib/models/vit/graph.ts';
import { blocksOf, fold } from './blocks.ts';
import { Graph } from './graph.ts';
import { outline } from './outline.ts';

describe('blocks, from names', () => {
  it('end at the first number', () => {
    const blocks = blocksOf(['x', 'blocks.0', 'blocks.0.attn.q', 'blocks.11.norm1', 'in_blocks.2.skip']);
    expect(Object.fromEntries(blocks)).toEqual({
      'blocks.0': 'blocks.0',
      'blocks.0.attn.q': 'blocks.0',
      'blocks.11.norm1': 'blocks.11',
      'in_blocks.2.skip': 'in_blocks.2',
    });
  });

  it('take the name of the tensor they make, or of what several begin with', () => {
    const blocks = blocksOf([
      'mid_block.norm1',
      'mid_block.attn.q',
      'mid_block',
      'final.a',
      'final.b',
      'head.a',
    ]);
    expect(blocks.get('mid_block.attn.q')).toBe('mid_block');
    expect(blocks.get('mid_block')).toBe('mid_block');
    expect(blocks.get('final.b')).toBe('final');
    expect(blocks.has('head.a')).toBe(false);
  });

  it('are not numbered layers that stand alone: those belong to what is named before the number', () => {
    const blocks = blocksOf([
      't_embedder.mlp.0',
      't_embedder.mlp.1',
      't_embedder',
      'time_embed.0',
      'time_embed.2',
    ]);
    expect(blocks.get('t_embedder.mlp.0')).toBe('t_embedder');
    expect(blocks.get('t_embedder')).toBe('t_embedder');
    expect(blocks.get('time_embed.2')).toBe('time_embed');
  });
});

describe('blocks in towers, from names', () => {
  it('are the numbered ones; what else a tower has stands alone', () => {
    const blocks = blocksOf([
      'visual.x',
      'visual.tokens',
      'visual.blocks.0.norm1',
      'visual.blocks.0',
      'visual.norm',
      'text.tokens',
      'text.blocks.0.attn.q',
      'text.blocks.0',
      'logits',
    ]);
    expect(Object.fromEntries(blocks)).toEqual({
      'visual.blocks.0.norm1': 'visual.blocks.0',
      'visual.blocks.0': 'visual.blocks.0',
      'text.blocks.0.attn.q': 'text.blocks.0',
      'text.blocks.0': 'text.blocks.0',
    });
  });
});

describe('blocks in stages, from names', () => {
  const of = (...names: string[]) => Object.fromEntries(blocksOf(names));

  it('are the numbered parts of a numbered part; what else a stage has stands alone or with its own', () => {
    expect(
      of(
        'layers.0.scores',
        'layers.0.blocks.0.norm1',
        'layers.0.blocks.0.attn.aggreg.0',
        'layers.0.blocks.0',
        'layers.1.downsample.norm',
        'layers.1.downsample',
        'layers.1.blocks.0.norm1',
        'layers.1.blocks.0',
      ),
    ).toEqual({
      'layers.0.blocks.0.norm1': 'layers.0.blocks.0',
      'layers.0.blocks.0.attn.aggreg.0': 'layers.0.blocks.0',
      'layers.0.blocks.0': 'layers.0.blocks.0',
      'layers.1.downsample.norm': 'layers.1.downsample',
      'layers.1.downsample': 'layers.1.downsample',
      'layers.1.blocks.0.norm1': 'layers.1.blocks.0',
      'layers.1.blocks.0': 'layers.1.blocks.0',
    });
  });

  it('are not what a numbered part has behind one number more', () => {
    expect(of('body.0.0.0', 'body.0.1.0', 'body.0')['body.0.1.0']).toBe('body.0');
    expect(of('blocks.0.adaLN_modulation.1', 'blocks.0')['blocks.0.adaLN_modulation.1']).toBe('blocks.0');
  });
});

describe('a folded graph', () => {
  it('is a chain for a ViT: residual paths lie inside the blocks', () => {
    const o = outline(vit({ ...vitPresets['vit-ti-16']!, depth: 3 }));
    const { boxes, edges } = fold(o, blocksOf(o.nodes.map((n) => n.name)));
    expect(boxes.filter((b) => b.block).map((b) => [b.name, b.members.length])).toEqual([
      ['blocks.0', 16],
      ['blocks.1', 16],
      ['blocks.2', 16],
    ]);
    expect(boxes.flatMap((b) => b.members).length).toBe(o.nodes.length);
    expect(edges.every((e) => !e.skip)).toBe(true);
    expect(edges.map((e) => `${e.from} ${e.to}`)).toContain('blocks.1 blocks.2');
    expect(edges.length).toBe(boxes.length - 1);
  });

  it('shows long skips as such', () => {
    const g = new Graph('u');
    const x = g.input('x', [4], ['D']);
    let y = x;
    const kept = [];
    for (const i of [0, 1]) kept.push((y = g.add(g.exp(y, `in.${i}.a`), y, `in.${i}`)));
    for (const i of [0, 1]) y = g.add(g.add(y, kept.pop()!, `out.${i}.cat`), y, `out.${i}`);
    const o = outline(g);
    const { edges } = fold(o, blocksOf(o.nodes.map((n) => n.name)));
    expect(edges.filter((e) => e.skip).map((e) => `${e.from} ${e.to}`)).toEqual(['in.0 out.1']);
  });
});
