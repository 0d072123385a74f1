import { describe, type Graph } from '#lib/graph/index.ts';
import { detr, detrPresets } from '#lib/models/detr/graph.ts';
import { vit } from '#lib/models/vit/graph.ts';
import { vitPresets } from '#lib/models/vit/presets.ts';
import { yolos } from '#lib/models/yolos/graph.ts';
import { yolosPresets } from '#lib/models/yolos/presets.ts';
import { GRAPHS, MODELS } from './model.ts';
import type { StemName } from './state.ts';

/** Networks of the table: two published ones, one between them, and the one of this page. */
export const COLUMNS = ['vit', 'detr', 'yolos', 'here'] as const;
export type Column = (typeof COLUMNS)[number];

/** A network counted in its graph. */
export interface Network {
  /** What the inspector opens: a preset, or a folder under `models/`. */
  readonly model: string;
  readonly graph: Graph;
  /** Weights that training changes. */
  readonly parameters: number;
  readonly macs: number;
}

/** Frozen batch norms of a ResNet: four numbers a channel that no training changes, and that no paper counts. */
const FROZEN = /^backbone\..*(?:bn\d|downsample\.1)\./;

function network(model: string, graph: Graph): Network {
  const { parameters, macs, weights } = describe(graph);
  const frozen = weights.reduce((sum, row) => sum + (FROZEN.test(row.name) ? row.parameters : 0), 0);
  return { model, graph, parameters: parameters - frozen, macs };
}

function of<C>(presets: Readonly<Record<string, C>>, name: string): C {
  const config = presets[name];
  if (!config) throw new RangeError(`no preset ${name}`);
  return config;
}

/** Builds a column’s network and counts it; those of the papers take a moment. */
export function networkOf(column: Column, stem: StemName): Network {
  switch (column) {
    case 'vit':
      return network('vit-b-16', vit(of(vitPresets, 'vit-b-16')));
    case 'detr':
      return network('detr-r50', detr(of(detrPresets, 'detr-r50')));
    case 'yolos':
      return network('yolos-s', yolos(of(yolosPresets, 'yolos-s')));
    case 'here':
      return network(MODELS[stem], GRAPHS[stem]);
  }
}
