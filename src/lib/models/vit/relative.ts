import type { Graph, Value } from '#lib/graph/index.ts';
import { plainPlace } from '../shared/block-docs.ts';
import { gridOf } from '../shared/patches.ts';
import { relPositionDoc } from '../shared/variant-docs.ts';
import { hasRelPositions, vitSizes, type ViTConfig } from './config.ts';

/** Rows of a table of biases: a distance each, then CLS to a patch, a patch to CLS, CLS to itself. */
export function relativeRows(c: Pick<ViTConfig, 'image' | 'imageWidth' | 'patch'>): number {
  const [rows, columns] = gridOf(c);
  return (2 * rows - 1) * (2 * columns - 1) + 3;
}

/** For each pair of tokens, CLS first, its row of the table. */
function pairRows(c: ViTConfig): number[] {
  const [rows, columns] = gridOf(c);
  const patches = rows * columns;
  const last = relativeRows(c) - 1;
  const out: number[] = [];
  for (let i = -1; i < patches; i++) {
    for (let j = -1; j < patches; j++) {
      if (i < 0 || j < 0) out.push(i < 0 && j < 0 ? last : i < 0 ? last - 2 : last - 1);
      else {
        const down = Math.floor(i / columns) - Math.floor(j / columns) + rows - 1;
        out.push(down * (2 * columns - 1) + (i % columns) - (j % columns) + columns - 1);
      }
    }
  }
  return out;
}

/** The biases `name` `[h, T, T]` from a learned table `[rows, h]` (Bao et al. 2022, BEiT; timm's `beit.py` has its order). */
function biases(g: Graph, c: ViTConfig, table: string, name: string, block?: number): Value {
  const learned = g.initializer(
    `${table}.relative_position_bias_table`,
    [relativeRows(c), c.heads],
    ['offset', 'h'],
  );
  const rows = g.transpose(g.gather(learned, 0, pairRows(c)), [1, 0]);
  const { tokens } = vitSizes(c);
  const doc = relPositionDoc(block === undefined ? undefined : plainPlace(block, false));
  return g.reshape(rows, [c.heads, tokens, tokens], ['h', 'T', 'T'], { name, doc });
}

/** What each block adds to its scores; undefined for a network without biases by distance. */
export function relativePositions(
  g: Graph,
  c: ViTConfig,
): ((block: number) => (scores: Value) => Value) | undefined {
  if (!hasRelPositions(c)) return undefined;
  const shared = c.relPositions === 'shared' ? biases(g, c, 'rel_pos_bias', 'rel_pos_bias') : undefined;
  return (block) => (scores) => {
    const name = `blocks.${block}.attn`;
    return g.add(scores, shared ?? biases(g, c, name, `${name}.rel_pos_bias`, block));
  };
}
