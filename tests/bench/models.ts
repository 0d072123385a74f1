import { readFileSync } from 'node:fs';
import { vit, vitPresets, type ViTConfig } from '#lib/models/vit/graph.ts';
import type { Graph, WeightSource } from '#lib/graph/index.ts';
import { seededWeights } from '#lib/graph/seeded.ts';

export interface Subject {
  readonly graph: Graph;
  readonly config: ViTConfig;
  readonly weights: WeightSource;
}

/** Names of the attention maps of every block. */
export const attentionMaps = (depth: number) =>
  Array.from({ length: depth }, (_, i) => `blocks.${i}.attn.probs`);

/** ViT-Ti/16 with untrained weights from a seed: times do not depend on the values. */
export function tiny16(): Subject {
  return subject(vitPresets['vit-ti-16']!);
}

/** The attention of ViT-B/16, 12 maps `[12, 197, 197]`, in a model that is narrow so that it computes fast. */
export function attentionOfB16(): Subject {
  return subject({ ...vitPresets['vit-b-16']!, dim: 96 });
}

/**
 * Attention of `[6, 785, 785]`: ViT-S/8 with few and narrow blocks. Its configuration lies beside the page, which has to
 * know it when it is built, as the site knows its models.
 */
export function attentionOfS8(): Subject {
  const path = new URL('page/models/s-8/config.json', import.meta.url);
  return subject((JSON.parse(readFileSync(path, 'utf8')) as { config: ViTConfig }).config);
}

function subject(config: ViTConfig): Subject {
  const graph = vit(config);
  return { graph, config, weights: seededWeights(graph, 1) };
}

/** A picture's worth of numbers, `[3, S, S]` flat, between -1 and 1. */
export function picture(config: ViTConfig): Float32Array {
  return Float32Array.from({ length: config.channels * config.image ** 2 }, (_, i) => Math.sin(0.01 * i));
}
