import type { Doc, Graph, Value } from '#lib/graph/index.ts';
import { layerNorm } from '../shared/layers.ts';
import { placeOf } from './block-docs.ts';
import { vivitSizes, type VivitConfig } from './config.ts';
import { temporalDocs } from './docs.ts';
import { liveAt, type Live } from './interventions.ts';
import { oneStepBlock } from './space-time.ts';
import { withPositions } from './tokens.ts';

const named = (name: string, doc: Doc) => ({ name, doc });

/**
 * The second encoder of model 2, over time: from the normalised tokens of all times `[B, t, T, D]` to `temporal.norm`
 * `[B, 1 + n_t, D]`. A time is its CLS token alone; a CLS token of the clip stands before them.
 */
export function overTime(g: Graph, norm: Value, c: VivitConfig, live: Live | undefined): Value {
  const docs = temporalDocs(c, live !== undefined);
  const frames = g.gather(norm, 2, 0, named('frame_tokens', docs.frameTokens));
  const times = vivitSizes(c).times;
  const timed = live && { scale: live.timePosScale, times, places: 1 };
  const beginning = { prefix: 'temporal.', cls: true, docs, posScale: live?.posScale, timed };
  let stream = withPositions(g, frames, beginning);
  for (let i = 0; i < c.temporalDepth; i++) {
    const at = {
      config: c,
      place: placeOf(i, live !== undefined, c.depth),
      live: liveAt(g, live, c.depth + i),
    };
    stream = oneStepBlock(g, stream, `temporal.blocks.${i}`, at, 'all');
  }
  return layerNorm(g, stream, 'temporal.norm', c.normEps, named('temporal.norm', docs.norm));
}
