import { describe, expect, it } from 'vitest';
import { vit, vitPresets } from '#lib/models/vit/graph.ts';
import { outline } from '#lib/graph/outline.ts';
import { allRows, pathTo, search, treeOf, visibleRows } from './tree.ts';

const graph = vit(vitPresets['vit-ti-16']!);
const tree = treeOf(outline(graph));
const rows = allRows(tree);
const found = (query: string) => search(rows, query).map((r) => r.name);

describe('the outline', () => {
  it('is model → block → tensor → weights, in the order of computation', () => {
    expect(tree.map((r) => r.label).slice(0, 7)).toEqual([
      'x',
      'patches',
      'patch_embed',
      'cls_cat',
      'tokens',
      'blocks.0',
      'blocks.1',
    ]);
    const block = tree.find((r) => r.name === 'blocks.3')!;
    expect(block.children.map((r) => r.label).slice(0, 4)).toEqual(['norm1', 'attn.qkv', 'attn.q', 'attn.k']);
    expect(block.children.at(-1)).toMatchObject({ label: 'blocks.3', kind: 'tensor' });
    expect(block.children[1]!.children.map((r) => r.name)).toEqual([
      'blocks.3.attn.qkv.weight',
      'blocks.3.attn.qkv.bias',
    ]);
  });

  it('names every tensor and every weight once', () => {
    const listed = rows.filter((r) => r.kind !== 'block').map((r) => r.id);
    expect(new Set(listed).size).toBe(listed.length);
    const weights = [...graph.values.values()].filter((v) => v.kind === 'weight').length;
    expect(listed.length).toBe(graph.tensorNames().length + weights);
  });

  it('shows what is open, and says what to open', () => {
    const closed = visibleRows(tree, new Set());
    expect(closed).toEqual(tree);
    const path = pathTo(tree, 'blocks.3.attn.qkv.bias');
    expect(path).toEqual(['b:blocks.3', 't:blocks.3.attn.qkv']);
    expect(visibleRows(tree, new Set(path)).map((r) => r.name)).toContain('blocks.3.attn.qkv.bias');
    expect(pathTo(tree, 'tokens')).toEqual([]);
    expect(pathTo(tree, 'blocks.3')).toEqual(['b:blocks.3']);
  });
});

describe('the search', () => {
  it('finds by name, operation, title and shape', () => {
    expect(found('blocks.3.attn.probs')).toEqual(['blocks.3.attn.probs']);
    expect(found('softmax')).toContain('blocks.11.attn.probs');
    expect(found('3 softmax')).toContain('blocks.3.attn.probs');
    expect(found('注意力').length).toBeGreaterThan(0);
    for (const shape of ['197×197', '[1, 3, 197, 197]', '3x197x197', '197 197'])
      expect(found(shape), shape).toContain('blocks.0.attn.scores');
  });

  it('finds an operation by the name PyTorch has for it', () => {
    for (const name of ['qkv', 'proj'].map((part) => `blocks.11.attn.${part}`))
      expect(found('Linear')).toContain(name);
    expect(found('linear')).toContain('blocks.0.mlp.fc2');
    expect(found('linear')).not.toContain('blocks.0.attn.probs');
    expect(found('linear')).toContain('patch_embed');
    expect(found('layernorm')).toContain('blocks.3.norm2');
    expect(found('gelu')).toContain('blocks.3.mlp.gelu');
  });

  it('takes a size as a whole, and dimension names too', () => {
    expect(found('97x197')).toEqual([]);
    expect(found('T×D')).toContain('tokens');
    expect(found('head.weight')).toEqual(['head.weight']);
  });

  it('needs every word, and puts exact names first', () => {
    expect(found('attn qkv weight').every((n) => /attn\.qkv\.(weight|bias)$/.test(n))).toBe(true);
    expect(found('norm')[0]).toBe('norm');
    expect(found('  ')).toEqual([]);
    expect(found('nothing like it')).toEqual([]);
  });
});
