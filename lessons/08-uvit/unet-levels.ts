import { levelsOf, type Levels } from '#lib/models/unet/levels.ts';
import { unet, unetPresets } from '#lib/models/unet/graph.ts';
import { describe, type Description, type Graph } from '#lib/graph/index.ts';

export interface Valley extends Levels {
  readonly graph: Graph;
  readonly description: Description;
}

let built: Valley | undefined;

/** DDPM's U-Net for CIFAR-10 (Ho et al. 2020, appendix B), read from its graph. */
export function valley(): Valley {
  if (built) return built;
  const config = unetPresets['ddpm-cifar10']!;
  const graph = unet(config);
  built = { graph, description: describe(graph), ...levelsOf(config, graph) };
  return built;
}
