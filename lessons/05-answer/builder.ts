import { FAMILY as VIT } from '#lib/models/vit/family.ts';
import { ConfigError, VIT_DEFAULTS, vit, vitSizes, type ViTConfig } from '#lib/models/vit/graph.ts';
import { vitPresets } from '#lib/models/vit/presets.ts';
import { describe } from '#lib/graph/index.ts';
import type { Text } from '#lib/base/lang.ts';
import { configErrorText } from '#lib/base/config-errors.ts';

/** What one model of the table costs, from its graph's description. No weights. */
export interface SizeRow {
  readonly config: ViTConfig;
  readonly tokens: number;
  readonly parameters: number;
  readonly macs: number;
  /** Weights in float32. */
  readonly weightBytes: number;
  /** All named tensors of one pass in float32, if every one is kept. */
  readonly tensorBytes: number;
  /** Shapes without the batch: tokens `[T, D]`, scores of a layer `[h, T, T]`. */
  readonly stream: readonly number[];
  readonly scores: readonly number[];
}

/** The published sizes of the table with their usual patch size. */
export const PUBLISHED = {
  ti: { name: 'ViT-Ti/16', config: vitPresets['vit-ti-16']! },
  s: { name: 'ViT-S/16', config: vitPresets['vit-s-16']! },
  b: { name: 'ViT-B/16', config: vitPresets['vit-b-16']! },
  l: { name: 'ViT-L/16', config: vitPresets['vit-l-16']! },
  h: { name: 'ViT-H/14', config: vitPresets['vit-h-14']! },
} as const;
export type PublishedId = keyof typeof PUBLISHED;
export const PUBLISHED_IDS = Object.keys(PUBLISHED) as PublishedId[];

const rows = new Map<string, SizeRow>();

/** @throws ConfigError for a configuration that cannot be built */
export function sizeRow(config: ViTConfig): SizeRow {
  const key = JSON.stringify(config);
  let row = rows.get(key);
  if (!row) {
    const graph = vit(config);
    const { parameters, macs, bytes } = describe(graph);
    row = {
      config,
      tokens: vitSizes(config).tokens,
      parameters,
      macs,
      weightBytes: 4 * parameters,
      tensorBytes: bytes,
      stream: graph.value('tokens').shape.slice(1),
      scores: graph.value('blocks.0.attn.scores').shape.slice(1),
    };
    if (rows.size > 200) rows.clear();
    rows.set(key, row);
  }
  return row;
}

/** The choices of the builder; every one is a slider. */
export const CHOICES = ['dim', 'depth', 'heads', 'mlpRatio', 'patch', 'image'] as const;
export type Choice = (typeof CHOICES)[number];
export type Built = Readonly<Record<Choice, number>>;

export interface ChoiceRange {
  readonly title: Text;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** Finer than the architecture's own sliders where a step between the usual sizes shows a rule. */
const STEPS: Partial<Record<Choice, number>> = { dim: 16, mlpRatio: 0.1, image: 8 };

/** Ranges of the sliders: the architecture's. */
export const RANGES = Object.fromEntries(
  CHOICES.map((name) => {
    const field = VIT.fields.find((f) => f.name === name);
    if (field?.kind !== 'number') throw new Error(`the architecture has no slider "${name}"`);
    const { title, min, max, step } = field;
    return [name, { title, min, max, step: STEPS[name] ?? step }];
  }),
) as Readonly<Record<Choice, ChoiceRange>>;

/** What the builder shows: the row, or which choice breaks which rule. Remarks are allowed choices with a price. */
export interface BuildResult {
  readonly row?: SizeRow;
  readonly fault?: { readonly field: string; readonly text: Text };
  readonly remarks: readonly { readonly field: Choice; readonly text: Text }[];
}

/** Builds a ViT with 1000 classes from the sliders. Never throws for an illegal choice: it is in `fault`. */
export function build(choices: Built): BuildResult {
  const config: ViTConfig = { ...VIT_DEFAULTS, ...choices };
  try {
    const row = sizeRow(config);
    return { row, remarks: remarksOf(config) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { fault: { field: error.field, text: configErrorText(error) }, remarks: [] };
  }
}

/** Legal, but not what it seems. */
function remarksOf(config: ViTConfig): BuildResult['remarks'] {
  const { used, tokens } = vitSizes(config);
  const remarks: { field: Choice; text: Text }[] = [];
  const rest = config.image - used;
  if (rest > 0) {
    remarks.push({
      field: 'patch',
      text: {
        en: `Allowed, but ${rest} pixels on two sides are dropped.`,
        zh: `允许，但两条边上各有 ${rest} 个像素被丢弃。`,
      },
    });
  }
  if (tokens > 6 * config.dim) {
    remarks.push({
      field: 'dim',
      text: {
        en: `${tokens} tokens are more than 6 D = ${6 * config.dim}: the pairs cost more than everything else.`,
        zh: `${tokens} 个词元多于 6D = ${6 * config.dim}：词元对的开销超过了其余全部。`,
      },
    });
  }
  return remarks;
}
