import { describe, expect, it } from 'vitest';
import { cellOperands } from '#lib/graph/index.ts';
import { outline } from '#lib/graph/outline.ts';
import { graphOf, preset, presetNames } from '#lib/models/registry.ts';
import { drawingOf } from './layout.ts';
import { allRows, pathTo, treeOf, visibleRows } from './tree.ts';

/** Names that stand more than once. */
const twice = (names: readonly string[]) => names.filter((name, i) => names.indexOf(name) !== i);

describe.each(presetNames())('a walk through %s', (name) => {
  const graph = graphOf(preset(name)!);
  const drawn = outline(graph);
  const tree = treeOf(drawn);
  const rows = allRows(tree);
  const blocks = rows.filter((row) => row.kind === 'block');

  it('every group opens, and everything in it stands in the outline and in the drawing once', () => {
    const open = new Set(rows.filter((row) => row.children.length > 0).map((row) => row.id));
    expect(twice(visibleRows(tree, open).map((row) => row.id))).toEqual([]);
    // Blocks of a kind are alike: two neighbours, and the last, show what one open beside another does.
    const some = new Set([...blocks.slice(0, 2), ...blocks.slice(-1)].map((row) => row.name));
    const { boxes, arrows } = drawingOf(drawn, some);
    expect(twice(boxes.map((box) => box.id))).toEqual([]);
    expect(twice(arrows.map((arrow) => `${arrow.from} ${arrow.to}`))).toEqual([]);
    for (const row of rows) {
      const block = blocks.find((b) => b.children.includes(row))?.name;
      if (row.kind === 'tensor' && (block === undefined || some.has(block)))
        expect(boxes.some((box) => box.name === row.name)).toBe(true);
    }
  });

  it('every tensor and weight is found by its name, and its first cell has an origin', () => {
    for (const row of rows) {
      if (row.kind === 'block') continue;
      const shown = visibleRows(tree, new Set(pathTo(tree, row.name)));
      expect(shown.some(({ id }) => id === row.id)).toBe(true);
      const value = graph.value(row.name);
      if (value.kind !== 'node') continue;
      const origin = cellOperands(
        graph,
        row.name,
        value.shape.map(() => 0),
      );
      for (const { name: from, ranges } of origin)
        expect(ranges).toHaveLength(graph.value(from).shape.length);
    }
  });
});
