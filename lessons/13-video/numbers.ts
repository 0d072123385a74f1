import { formatCount, formatPercent } from '#lib/base/format.ts';
import { fromGraph, type Numbers, type ProseNumber } from '#lib/notebook/numbers.ts';
import { citeOf, clipsOf, measured, type Way } from './held-out.ts';
import { CONFIG, SIZES } from './model.ts';
import { TASKS } from './motions.ts';
import { NETS } from './state.ts';
import { chanceOf } from './task-answers.ts';
import type { VideoViewModel } from './view-model.svelte.ts';

const WAYS: readonly Way[] = ['ordered', 'shuffled', 'frozen', 'reversed', 'half', 'timeless'];

/** A measured accuracy by `net.way.task`; undefined where it was not measured. */
function accuracyOf(at: string): ProseNumber | undefined {
  const [first, second, third] = at.split('.');
  const net = NETS.find((one) => one === first);
  const way = WAYS.find((one) => one === second);
  const task = [...TASKS, 'mean' as const].find((one) => one === third);
  const value = net && way && task && measured(net, way, task);
  return net && value !== undefined ? { value: formatPercent(value), from: citeOf(net) } : undefined;
}

/** The numbers the prose may name. */
export const numbers: Numbers<VideoViewModel> = {
  F: () => fromGraph(CONFIG.frames),
  side: () => fromGraph(CONFIG.image),
  t: () => fromGraph(CONFIG.tubelet),
  p: () => fromGraph(CONFIG.patch, 'p'),
  grid: () => fromGraph(SIZES.grid),
  times: () => fromGraph(SIZES.times),
  places: () => fromGraph(SIZES.places),
  N: () => fromGraph(SIZES.tubelets, 'N'),
  P: () => fromGraph(SIZES.tubeletValues, 'P'),
  Pframe: () => fromGraph(SIZES.tubeletValues / CONFIG.tubelet, 'P'),
  Nframe: () => fromGraph(SIZES.tubelets * CONFIG.tubelet, 'N'),
  D: () => fromGraph(CONFIG.dim, 'D'),
  pairs: () => fromGraph(formatCount(SIZES.tubelets ** 2)),
  depth: () => fromGraph(CONFIG.depth),
  heads: () => fromGraph(CONFIG.heads),
  /** Measured on held-out clips: `acc@joint.shuffled.direction`. */
  acc: (_vm, at) => accuracyOf(at),
  /** What a guess gets right: `chance@direction`, `chance@mean`. */
  chance: (_vm, at) =>
    fromGraph(formatPercent(chanceOf(at === 'direction' ? 'direction' : at === 'mean' ? 'mean' : 'time'))),
  clips: () => {
    const clips = clipsOf('joint');
    return clips === undefined ? undefined : { value: formatCount(clips), from: citeOf('joint') };
  },
};
