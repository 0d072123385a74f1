import { describe, type TensorRow } from '#lib/graph/index.ts';
import type { Text } from '#lib/base/lang.ts';
import type { Variant } from './condition-variants.ts';

/** A step of the drawn block: one tensor, and the work and weights of all that is folded into it. */
export interface Station {
  /** The tensor the step ends in. */
  readonly tensor: string;
  readonly title: Text;
  /** `sum`: back on the stream. `told`: it takes something from the condition. */
  readonly kind: 'plain' | 'told' | 'sum';
  readonly shape: readonly number[];
  readonly dims: readonly string[];
  readonly parameters: number;
  readonly macs: number;
  /** What it takes from the condition: letters of its part of the modulation. */
  readonly takes: string;
}

/** Where the condition of a block comes from. */
export interface Source {
  readonly tensor: string;
  readonly title: Text;
  readonly shape: readonly number[];
  readonly dims: readonly string[];
  readonly parameters: number;
  readonly macs: number;
}

const same = (word: string): Text => ({ en: word, zh: word });
/** The steps that a block may have, in order; those whose tensor its graph does not have are left out. */
const STEPS: readonly (readonly [end: string, title: Text, kind: Station['kind'], takes: string])[] = [
  ['norm1', { en: 'LayerNorm', zh: '层归一化' }, 'plain', ''],
  ['modulated1', { en: 'scale, shift', zh: '缩放、平移' }, 'told', 'γ₁ β₁'],
  ['attn.proj', { en: 'self-attention', zh: '自注意力' }, 'plain', ''],
  ['attn.gated', { en: 'gate', zh: '门控' }, 'told', 'α₁'],
  ['attn.residual', same('+'), 'sum', ''],
  ['norm_cross', { en: 'LayerNorm', zh: '层归一化' }, 'plain', ''],
  ['cross.proj', { en: 'cross-attention', zh: '交叉注意力' }, 'told', 'K V'],
  ['cross.residual', same('+'), 'sum', ''],
  ['norm2', { en: 'LayerNorm', zh: '层归一化' }, 'plain', ''],
  ['modulated2', { en: 'scale, shift', zh: '缩放、平移' }, 'told', 'γ₂ β₂'],
  ['mlp.fc2', { en: 'MLP', zh: 'MLP' }, 'plain', ''],
  ['mlp.gated', { en: 'gate', zh: '门控' }, 'told', 'α₂'],
  ['', same('+'), 'sum', ''],
];

/** What a variant's first block is made of, counted from its graph. */
export function stationsOf({ graph }: Variant): { stations: readonly Station[]; source: Source | undefined } {
  const name = 'blocks.0';
  const { tensors } = describe(graph);
  const block = tensors.filter((t) => t.name === name || t.name.startsWith(`${name}.`));
  const modulation = block.filter(({ name: n }) => /\.(adaLN_modulation|(shift|scale|gate)_m\w+)$/.test(n));
  const rest = block.filter((t) => !modulation.includes(t));
  const ends = STEPS.map(([end]) => (end === '' ? name : `${name}.${end}`));
  const stations: Station[] = [];
  let folded: TensorRow[] = [];
  for (const row of rest) {
    folded.push(row);
    const at = ends.indexOf(row.name);
    if (at < 0) continue;
    const [, title, kind, takes] = STEPS[at]!;
    stations.push({ ...placed(row), title, kind, takes, ...sums(folded) });
    folded = [];
  }
  const context = graph.values.get(`${name}.cross.k`);
  const linear = modulation[0];
  if (linear) {
    const title = { en: 'Linear of c', zh: 'c 的线性层' };
    return { stations, source: { ...placed(linear), title, ...sums(modulation) } };
  }
  if (!context) return { stations, source: undefined };
  const tokens = context.shape[2] ?? 0;
  const dim = graph.value('t_embedder').shape[1] ?? 0;
  const title = { en: 'time and class', zh: '时间与类别' };
  return {
    stations,
    source: {
      tensor: 't_embedder',
      title,
      shape: [tokens, dim],
      dims: ['L', 'D'],
      parameters: 0,
      macs: 0,
    },
  };
}

const placed = (row: TensorRow) => ({
  tensor: row.name,
  shape: row.shape.slice(1),
  dims: row.dims.slice(1),
});
const sums = (rows: readonly TensorRow[]) => ({
  parameters: rows.reduce((n, t) => n + t.parameters, 0),
  macs: rows.reduce((n, t) => n + t.macs, 0),
});
