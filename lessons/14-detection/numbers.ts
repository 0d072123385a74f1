import { formatCount, formatPercent } from '#lib/base/format.ts';
import { fromGraph, type Numbers, type ProseNumber } from '#lib/notebook/numbers.ts';
import {
  citeOf,
  counted,
  countedWith,
  heldOut,
  LAYERS,
  MEASURED,
  MEASURED_FROM,
  suppressedAt,
  type Counted,
  type Way,
} from './held-out.ts';
import { CONFIG, SIZES } from './model.ts';
import type { DetectionViewModel } from './view-model.svelte.ts';

const WAYS: readonly Way[] = ['plain', 'alone', 'equal', 'placeless'];
const WHATS = ['ap50', 'ap', 'sure', 'found', 'duplicates'] as const;

/** Counts by the way they are asked for in: `alone`, `layer0`, `kept4`, `nms` (alone, suppressed at 0.5). */
function countsOf(at: string): Counted | undefined {
  const way = WAYS.find((one) => one === at);
  if (way) return counted(way);
  const [, kind, n] = /^(layer|kept)(\d+)$/.exec(at) ?? [];
  if (kind === 'layer') return LAYERS[Number(n)];
  if (kind === 'kept') return countedWith(Number(n));
  const { alone, together } = suppressedAt(0.5);
  return at === 'nms' ? alone : at === 'both' ? together : undefined;
}

/** `alone.duplicates`: a count, or an AP in percent. */
function measuredOf(at: string): ProseNumber | undefined {
  const [from = '', name] = at.split('.');
  const what = WHATS.find((one) => one === name);
  const value = what && countsOf(from)?.[what];
  if (value === undefined) return undefined;
  return {
    value: what === 'ap50' || what === 'ap' ? formatPercent(value) : formatCount(value),
    from: MEASURED_FROM,
  };
}

/** `cnn.unseen.ap50`: what the network’s own evaluation says. */
function accuracyOf(at: string): ProseNumber | undefined {
  const [stem, drawings, name] = at.split('.');
  if ((stem !== 'cnn' && stem !== 'patches') || (drawings !== 'unseen' && drawings !== 'seen'))
    return undefined;
  const what = (['ap50', 'ap'] as const).find((one) => one === name);
  const value = what && heldOut(stem, drawings)?.[what];
  return value === undefined ? undefined : { value: formatPercent(value), from: citeOf(stem) };
}

/** The numbers the prose may name. */
export const numbers: Numbers<DetectionViewModel> = {
  side: () => fromGraph(CONFIG.image),
  stride: () => fromGraph(CONFIG.stride),
  grid: () => fromGraph(SIZES.columns),
  N: () => fromGraph(SIZES.tokens, 'N'),
  D: () => fromGraph(CONFIG.dim, 'D'),
  Q: () => fromGraph(CONFIG.queries, 'Q'),
  K: () => fromGraph(CONFIG.classes, 'K'),
  heads: () => fromGraph(CONFIG.heads),
  encoders: () => fromGraph(CONFIG.encoderDepth),
  decoders: () => fromGraph(CONFIG.decoderDepth),
  /** Of the network itself on held-out scenes: `acc@cnn.unseen.ap50`. */
  acc: (_vm, at) => accuracyOf(at),
  scenes: () => ({ value: formatCount(MEASURED.scenes), from: MEASURED_FROM }),
  objects: () => ({ value: formatCount(MEASURED.objects), from: MEASURED_FROM }),
  /** Of the network in another state, on the same scenes: `measured@alone.duplicates`. */
  measured: (_vm, at) => measuredOf(at),
};
