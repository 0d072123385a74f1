import { unet, unetPresets, unetSizes } from '#lib/models/unet/graph.ts';
import { describe, type Description, type Graph } from '#lib/graph/index.ts';

/** One level of a drawn U: what comes out of it on the way down and on the way up. */
export interface Level {
  readonly id: string;
  /** Shape without the batch, and the names of its dimensions. */
  readonly down: { readonly shape: readonly number[]; readonly dims: readonly string[] };
  readonly up: { readonly shape: readonly number[]; readonly dims: readonly string[] };
  /** Width of the drawn bar, 0 … 1: positions a side, over those of the finest level. */
  readonly span: number;
  readonly attention: boolean;
  /** Skips that lead across at this level. */
  readonly skips: number;
}

export interface Valley {
  readonly graph: Graph;
  readonly description: Description;
  readonly levels: readonly Level[];
  readonly bottom: {
    readonly shape: readonly number[];
    readonly dims: readonly string[];
    readonly span: number;
  };
}

let built: Valley | undefined;

/** DDPM's U-Net for CIFAR-10 (Ho et al. 2020, appendix B), read from its graph. */
export function valley(): Valley {
  if (built) return built;
  const config = unetPresets['ddpm-cifar10']!;
  const graph = unet(config);
  const names = graph.tensorNames();
  const form = (name: string) => {
    const { shape, dims } = graph.value(name);
    return { shape: shape.slice(1), dims: dims.slice(1) };
  };
  const last = (pattern: RegExp) => form(names.findLast((name) => pattern.test(name))!);
  const { levels } = unetSizes(config);
  built = {
    graph,
    description: describe(graph),
    levels: levels.map(({ side, attention }, i) => ({
      id: String(i),
      down: last(new RegExp(`^down\\.${i}\\.block\\.\\d+$`)),
      up: last(new RegExp(`^up\\.${i}\\.block\\.\\d+$`)),
      span: side / config.image,
      attention,
      skips: names.filter((name) => new RegExp(`^up\\.${i}\\.block\\.\\d+\\.skip_cat$`).test(name)).length,
    })),
    bottom: { ...form('mid.block_2'), span: levels.at(-1)!.side / config.image },
  };
  return built;
}
