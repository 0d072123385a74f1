import { describe, expect, it } from 'vitest';
import { outline } from '#lib/graph/outline.ts';
import { vit, vitPresets } from '#lib/models/vit/graph.ts';
import { outlineMove } from './outline-keys.ts';
import { treeOf, visibleRows } from './tree.ts';

const tree = treeOf(outline(vit(vitPresets['vit-ti-16']!)));
const closed = new Set<string>();
const opened = new Set(['b:blocks.0']);
const move = (key: string, name: string, open: ReadonlySet<string> = closed, searching = false) => {
  const rows = visibleRows(tree, open);
  const at = rows.findIndex((r) => r.name === name);
  const found = outlineMove(key, rows, at, { open, searching });
  return found?.kind === 'go' ? rows[found.to]!.label : found?.kind;
};

describe('keys in the outline', () => {
  it('go up and down and stop at the ends', () => {
    expect(move('ArrowDown', 'x')).toBe('patches');
    expect(move('ArrowUp', 'patches')).toBe('x');
    expect(move('ArrowUp', 'x')).toBe('x');
    expect(move('Home', 'tokens')).toBe('x');
    expect(move('End', 'x')).toBe(tree.at(-1)!.label);
    expect(move('PageDown', 'x')).toBe(tree[12]!.label);
    expect(move('PageUp', 'tokens')).toBe('x');
  });

  it('unfold and enter, fold and leave', () => {
    expect(move('ArrowRight', 'blocks.0')).toBe('fold');
    expect(move('ArrowRight', 'blocks.0', opened)).toBe('norm1');
    expect(move('ArrowLeft', 'blocks.0', opened)).toBe('fold');
    expect(move('ArrowLeft', 'blocks.0.attn.q', opened)).toBe('blocks.0');
    expect(move('ArrowRight', 'x')).toBe('x');
  });

  it('choose, and let other keys be', () => {
    expect(move('Enter', 'x')).toBe('choose');
    expect(move(' ', 'x')).toBe('choose');
    expect(move('a', 'x')).toBeUndefined();
    expect(outlineMove('Enter', [], 0, { open: closed, searching: false })).toBeUndefined();
  });

  it('fold nothing while a search is on, and go back to it from the first row', () => {
    expect(move('ArrowUp', 'x', closed, true)).toBe('search');
    expect(move('ArrowRight', 'blocks.0', closed, true)).toBe('blocks.0');
  });
});
