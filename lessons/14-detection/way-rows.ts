import type { Text } from '#lib/base/lang.ts';
import { shownShape, type Graph } from '#lib/graph/index.ts';

/** A tensor on the way from picture to set. */
export interface WayRow {
  readonly name: string;
  readonly says: Text;
  readonly shape: readonly number[];
  readonly dims: readonly string[];
}

const STAGES = {
  tokens: [
    /^x$/,
    /^backbone\.(stem\.\d+|patches|patch_embed)$/,
    /^backbone\.0\.body\.(maxpool|layer\d\.0)$/,
    /^input_proj$/,
    /^tokens(\.with_pos)?$/,
  ],
  encoder: [/^transformer\.encoder\.layers\.0(\.with_pos|\.self_attn\.(q|probs|out_proj))?$/, /^memory$/],
  decoder: [
    /^transformer\.decoder\.(keys|layers\.0(\.with_query|\.self_attn\.probs|\.multihead_attn\.(q|k|probs|out_proj))?)$/,
  ],
  heads: [/^transformer\.decoder\.norm\.\d+$/, /^bbox_embed\.layers\.2$/, /^(logits|probs|boxes)$/],
} as const;
export type Stage = keyof typeof STAGES;
export const STAGE_NAMES: readonly Stage[] = ['tokens', 'encoder', 'decoder', 'heads'];

/**
 * The tensors of a detector's graph that tell its way, stage by stage in the order they are computed: of the layers of the
 * encoder and of the decoder the first alone, of the norms before the heads the last.
 */
export function wayRows(graph: Graph): Readonly<Record<Stage, readonly WayRow[]>> {
  const rows = [...graph.values.values()].flatMap((value) => {
    const { name, doc } = value;
    return doc?.title ? [{ name, says: doc.title, ...shownShape(value, name) }] : [];
  });
  const of = (stage: Stage) => rows.filter(({ name }) => STAGES[stage].some((form) => form.test(name)));
  const heads = of('heads');
  const norms = heads.filter(({ name }) => name.startsWith('transformer'));
  return {
    tokens: of('tokens'),
    encoder: of('encoder'),
    decoder: of('decoder'),
    heads: heads.filter((row) => !norms.includes(row) || row === norms.at(-1)),
  };
}
