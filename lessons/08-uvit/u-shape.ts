import type { Graph, Value } from '#lib/graph/index.ts';

/** One long skip as the graph has it. */
export interface LongSkip {
  /** Which out-block takes it, from 0; also its place in `skip_gates`. */
  readonly j: number;
  /** The in-block it comes from, the tensor that is taken over, and the block it goes into. */
  readonly from: string;
  readonly skip: string;
  readonly into: string;
  /** The tensor with stream and skip side by side, and what its projection makes of it; absent in other variants. */
  readonly cat: Value | undefined;
  readonly joined: Value | undefined;
}

/** The U: the way down, the turn, the way up, and what leads across. */
export interface U {
  readonly down: readonly string[];
  readonly middle: string;
  readonly up: readonly string[];
  /** Ordered by the in-block: the outermost skip first. */
  readonly skips: readonly LongSkip[];
}

/** The first named tensor that a value is made of, going back along its first operand. */
function source(value: Value | undefined): string | undefined {
  for (let at = value?.producer?.inputs[0]; at; at = at.producer?.inputs[0]) if (!at.internal) return at.name;
  return undefined;
}

/** Reads the U from a U-ViT's graph: which blocks there are, and which tensor leads into which. */
export function uShapeOf(graph: Graph): U {
  const names = graph.tensorNames();
  const blocks = (pattern: RegExp) => names.filter((name) => pattern.test(name));
  const up = blocks(/^out_blocks\.\d+$/);
  const skips = up.flatMap((into, j): LongSkip[] => {
    const skip = `${into}.skip`;
    const from = source(graph.values.get(skip));
    if (from === undefined) return [];
    const cat = graph.values.get(`${into}.skip_cat`);
    const joined = graph.values.get(`${into}.skip_linear`) ?? graph.values.get(`${into}.skip_add`);
    return [{ j, from, skip, into, cat, joined }];
  });
  return { down: blocks(/^in_blocks\.\d+$/), middle: 'mid_block', up, skips: skips.reverse() };
}
