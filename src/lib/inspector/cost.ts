import { hierarchy, partition } from 'd3-hierarchy';
import { ConfigError, graphOf, type Blueprint } from '#lib/models/registry.ts';
import { blocksOf } from '#lib/graph/blocks.ts';
import { describe, type Description } from '#lib/graph/describe.ts';

/** What is counted. */
export type Measure = 'parameters' | 'macs' | 'bytes';

/** A rectangle of the icicle, in units of the measure along x and of levels along y. */
export interface Piece {
  readonly name: string;
  readonly label: string;
  /** 0: the model, 1: its blocks, 2: their parts, 3: tensors. */
  readonly level: number;
  readonly x0: number;
  readonly x1: number;
  readonly value: number;
  /** A tensor, which can be opened. */
  readonly tensor: boolean;
}

interface Branch {
  readonly name: string;
  readonly label: string;
  readonly tensor: boolean;
  readonly value?: number;
  readonly children?: Branch[];
}

/** A model's costs as nested pieces: model → block → tensor, each as wide as its share. Pieces that cost nothing are left out. */
export function icicle(description: Description, measure: Measure, model: string): readonly Piece[] {
  const blocks = blocksOf(description.tensors.map((t) => t.name));
  const top: Branch[] = [];
  const inside = new Map<string, Branch[]>();
  for (const row of description.tensors) {
    const value = row[measure];
    if (value === 0) continue;
    const block = blocks.get(row.name);
    const label = block === undefined || block === row.name ? row.name : row.name.slice(block.length + 1);
    const leaf: Branch = { name: row.name, label, tensor: true, value };
    const known = block === undefined ? undefined : inside.get(block);
    if (block === undefined) top.push(leaf);
    else if (known) known.push(leaf);
    else {
      const children = [leaf];
      inside.set(block, children);
      top.push({ name: block, label: block, tensor: false, children });
    }
  }
  const root = hierarchy<Branch>({ name: model, label: model, tensor: false, children: top }).sum(
    (d) => d.value ?? 0,
  );
  const laid = partition<Branch>()(root);
  const total = root.value ?? 0;
  return laid.descendants().map((d) => ({
    name: d.data.name,
    label: d.data.label,
    level: d.depth,
    x0: d.x0 * total,
    x1: d.x1 * total,
    value: d.value ?? 0,
    tensor: d.data.tensor,
  }));
}

/** What is made larger. */
export const GROWS = ['image', 'patch', 'depth', 'dim'] as const;
export type Grows = (typeof GROWS)[number];

/** One configuration of a row of them. */
export interface Grown {
  readonly field: Grows;
  /** The field's value as a multiple of the model's own. */
  readonly factor: number;
  readonly value: number;
  readonly parameters: number;
  readonly macs: number;
  readonly bytes: number;
}

const FACTORS = [0.25, 0.5, 1, 2, 4];

/** Heads, or those of each stage, as many times as many; undefined where a network has none. */
function headsOf(heads: unknown, factor: number): number | readonly number[] | undefined {
  if (Array.isArray(heads)) return heads.map((n) => Number(n) * factor);
  return typeof heads === 'number' ? heads * factor : undefined;
}

/**
 * Configurations with one field made smaller and larger by powers of two. Heads keep their width when D grows. What
 * cannot be built is left out.
 */
export function grownConfigs(
  of: Blueprint,
  field: Grows,
): readonly { readonly factor: number; readonly of: Blueprint }[] {
  const own = of.config as Readonly<Record<string, unknown>>;
  return FACTORS.flatMap((factor) => {
    const scaled = (name: string) => (typeof own[name] === 'number' ? own[name] * factor : undefined);
    const value = scaled(field);
    const heads = field === 'dim' ? headsOf(own.heads, factor) : undefined;
    const fits = (n: number) => Number.isInteger(n) && n >= 1;
    if (value === undefined || ![value, heads ?? []].flat().every(fits)) return [];
    const config = { ...of.config, [field]: value, ...(heads !== undefined && { heads }) };
    return [{ factor, of: { ...of, config } }];
  });
}

/** The costs of one of them; undefined for a configuration that cannot be built. */
export function grown(field: Grows, factor: number, of: Blueprint): Grown | undefined {
  try {
    const { parameters, macs, bytes } = describe(graphOf(of));
    const value = (of.config as Readonly<Record<Grows, number>>)[field];
    return { field, factor, value, parameters, macs, bytes };
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

/** The power a cost grows with between the model itself and twice the field: log₂ of their ratio. */
export function power(rows: readonly Grown[], field: Grows, measure: Measure): number | undefined {
  const own = rows.find((r) => r.field === field && r.factor === 1)?.[measure];
  const twice = rows.find((r) => r.field === field && r.factor === 2)?.[measure];
  return own && twice ? Math.log2(twice / own) : undefined;
}

/** As much of a dotted name, from its end, as so many characters hold: `blocks.11`, else `11`; undefined where nothing fits. */
export function fittingTail(name: string, room: number): string | undefined {
  const parts = name.split('.');
  return parts.map((_, i) => parts.slice(i).join('.')).find((tail) => tail.length <= room);
}
