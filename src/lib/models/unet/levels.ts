import type { Graph } from '#lib/graph/index.ts';
import { unetSizes, wholeUnet, type UNetConfig } from './config.ts';

/** What a tensor looks like without its batch. */
export interface Form {
  readonly shape: readonly number[];
  readonly dims: readonly string[];
}

/** One level of the U: what comes out of it on the way down and on the way up. */
export interface Level {
  readonly id: string;
  readonly down: Form;
  readonly up: Form;
  /** Places a side, over those of the finest level, 0 … 1. */
  readonly span: number;
  /** Places attend to each other; and to the tokens of a text. */
  readonly attention: boolean;
  readonly context: boolean;
  /** Skips that lead across at this level. */
  readonly skips: number;
}

/** A U-Net's levels, the finest first, and what lies below them. */
export interface Levels {
  readonly levels: readonly Level[];
  readonly bottom: Form & { readonly span: number };
}

/** The levels of a U-Net, read from its graph. */
export function levelsOf(config: UNetConfig, graph: Graph): Levels {
  const names = graph.tensorNames();
  const form = (name: string): Form => {
    const { shape, dims } = graph.value(name);
    return { shape: shape.slice(1), dims: dims.slice(1) };
  };
  const last = (pattern: RegExp) => form(names.findLast((name) => pattern.test(name))!);
  const { levels } = unetSizes(config);
  const told = wholeUnet(config).contextTokens > 0;
  return {
    levels: levels.map(({ side, attention }, i) => ({
      id: String(i),
      down: last(new RegExp(`^down\\.${i}\\.block\\.\\d+$`)),
      up: last(new RegExp(`^up\\.${i}\\.block\\.\\d+$`)),
      span: side / config.image,
      attention,
      context: attention && told,
      skips: names.filter((name) => new RegExp(`^up\\.${i}\\.block\\.\\d+\\.skip_cat$`).test(name)).length,
    })),
    bottom: { ...form('mid.block_2'), span: levels.at(-1)!.side / config.image },
  };
}
