import { describe, shownShape, type Graph } from '#lib/graph/index.ts';
import type { Text } from '#lib/base/lang.ts';

/** One line of a form as a program. */
export interface ProgramRow {
  readonly name: string;
  readonly says: Text;
  /** The line of PyTorch that makes it. */
  readonly torch: string;
  readonly shape: readonly number[];
  readonly dims: readonly string[];
  /** Multiply-adds since the row above. */
  readonly macs: number;
}

const STEM = /^(tubelets|patch_embed|cls_cat|tokens|norm|frame_tokens|pooled|logits)$/;
const BLOCK = /^(temporal\.)?blocks\.0(\.attn(_time)?(\.(space|time))?\.(qkv|probs|out|merged))?$/;
const OVER_TIME = /^temporal\.(tokens|norm)$/;

/** The tensors from clip to answer, of the first block of each encoder alone, in the order they are computed. */
export function programRows(graph: Graph): readonly ProgramRow[] {
  const spent = new Map(describe(graph).tensors.map(({ name, macs }) => [name, macs]));
  let since = 0;
  return [...graph.values.values()].flatMap((value) => {
    since += spent.get(value.name) ?? 0;
    const other = /blocks\.[1-9]/.test(value.name);
    if (other) since = 0;
    const { doc, name } = value;
    if (!doc?.title || value.kind !== 'node' || ![STEM, BLOCK, OVER_TIME].some((form) => form.test(name)))
      return [];
    const row = { name, says: doc.title, torch: doc.torch ?? '', macs: since, ...shownShape(value, name) };
    since = 0;
    return [row];
  });
}

/** Whether a row begins the blocks of an encoder, of which the first alone is shown. */
export const beginsBlocks = (name: string): boolean => /^(temporal\.)?tokens$/.test(name);
