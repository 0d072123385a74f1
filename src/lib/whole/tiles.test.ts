import { describe, expect, it } from 'vitest';
import { cellOperands } from '#lib/graph/index.ts';
import { vit, vitPresets } from '#lib/models/vit/graph.ts';
import { layoutOf } from './layout.ts';
import { originOf } from './origin.ts';
import { pickAt } from './pick.ts';
import { boxRects, cellUnder, indexOf, matrixTiles, tilesOf } from './tiles.ts';

const box = (...index: number[]) => index.map((i) => [i, i + 1] as const);

describe('tiles', () => {
  it('lay heads one below the other, and find every cell again', () => {
    const of = { shape: [3, 5, 4], dims: ['h', 'T', 'd'] };
    const tiles = tilesOf(of);
    expect(tiles.map((t) => t.offset)).toEqual([0, 20, 40]);
    for (const [i, tile] of tiles.entries())
      for (const [row, col] of [
        [0, 0],
        [4, 3],
        [2, 1],
      ] as const) {
        const index = indexOf(of, tile, row, col);
        expect(index).toEqual([i, row, col]);
        const [rect] = boxRects(of, tiles, box(...index));
        expect(cellUnder(tile, [rect!.x + 0.5, rect!.y + 0.5])).toEqual({ row, col });
      }
  });

  it('stand a matrix over its product: inputs down, outputs across', () => {
    const of = { shape: [6, 2, 3, 3], dims: ['D', 'C', 'p', 'p'] };
    const tiles = matrixTiles(of);
    const [tile] = tiles;
    expect([tile!.rows, tile!.cols]).toEqual([18, 6]);
    // Row 10 of the inputs is channel 1, row 0, column 1 of a kernel.
    expect(indexOf(of, tile!, 10, 4)).toEqual([4, 1, 0, 1]);
    expect(
      boxRects(of, tiles, [
        [4, 5],
        [0, 2],
        [0, 3],
        [0, 3],
      ]),
    ).toEqual([{ x: 4, y: 0, width: 1, height: 18 }]);
  });

  it('show a picture’s channels over one another', () => {
    const tiles = tilesOf({ shape: [3, 8, 8], dims: ['C', 'H', 'W'] });
    expect(tiles.map((t) => [t.rows, t.cols, t.planes, t.planeStride])).toEqual([[8, 8, 3, 64]]);
  });
});

describe('a cell of the drawing', () => {
  const graph = vit({ ...vitPresets['vit-ti-16']!, clsPosition: false });
  const layout = layoutOf(graph, { aspect: 1.5 });
  const plate = (name: string) => layout.plates.find((p) => p.name === name || p.also.includes(name));

  it('is picked where it is drawn', () => {
    const probs = plate('blocks.4.attn.probs')!;
    const tile = probs.tiles[2]!;
    const found = pickAt(layout, [tile.x + 7.5, tile.y + 3.5], 0);
    expect(found.plate).toBe(probs);
    expect(found.index).toEqual([2, 3, 7]);
    expect(found.frame?.id).toBe('blocks.4');
  });

  it('is computed from a row of what stands at its left and the column over it', () => {
    const fc1 = plate('blocks.0.mlp.fc1')!;
    const { rects, plates } = originOf(graph, { plate: fc1, index: [10, 20] }, plate);
    expect(plates).toEqual(['blocks.0.norm2', 'blocks.0.mlp.fc1.weight', 'blocks.0.mlp.fc1.bias']);
    const [row, column, bias] = rects;
    const norm = plate('blocks.0.norm2')!;
    expect(row).toEqual({ x: norm.x, y: norm.y + 10, width: 192, height: 1 });
    expect([column!.x, column!.width, column!.height]).toEqual([fc1.x + 20, 1, 192]);
    expect([bias!.x, bias!.width]).toEqual([fc1.x + 20, 1]);
  });

  it('of a copy is computed from what the original is', () => {
    const tokens = plate('cls_cat')!;
    expect([tokens.name, tokens.also]).toEqual(['tokens', ['cls_cat']]);
    const { operands } = originOf(graph, { plate: tokens, index: [0, 5] }, plate);
    expect(operands).toEqual(cellOperands(graph, 'cls_cat', [0, 0, 5]));
    expect(operands.map((o) => o.name)).toContain('cls_token');
  });
});
