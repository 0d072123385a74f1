import { SKIPS, type Skip } from '#lib/models/uvit/config.ts';
import type { UViTConfig } from '#lib/models/uvit/graph.ts';
import type { Value } from '#lib/graph/index.ts';
import { shapesOf } from './model.ts';

/** One way to take a long skip in, counted from its graph. */
export interface Way {
  readonly skip: Skip;
  readonly parameters: number;
  readonly macs: number;
  /** Tensors of the first out-block before its own LayerNorm, in order. */
  readonly tensors: readonly Value[];
}

/** What the paper's authors found on CIFAR-10 (Bao et al. 2023, figure 2a; curves, so no numbers), and what each computes. */
export const FORMULAS: Readonly<Record<Skip, string>> = {
  concat: 'W\\,[\\,h\\,;\\,s\\,] + b',
  add: 'h + s',
  'project-add': 'h + (W\\,s + b)',
  'add-project': 'W\\,(h + s) + b',
  none: 'h',
};

/** All five ways for one model: the same but for how skips come in. */
export function waysOf(config: UViTConfig): readonly Way[] {
  return SKIPS.map((skip) => {
    const { graph, description } = shapesOf({ ...config, skip });
    const tensors = graph
      .tensorNames()
      .filter((name) => /^out_blocks\.0\.skip/.test(name))
      .map((name) => graph.value(name));
    return { skip, parameters: description.parameters, macs: description.macs, tensors };
  });
}
