import { formatCount, formatFixed, formatPercent, formatShort } from '#lib/base/format.ts';
import { describe } from '#lib/graph/index.ts';
import type { Shares } from '#lib/notebook/judged/figures.ts';
import { fromGraph, fromInput, type Numbers, type ProseNumber } from '#lib/notebook/numbers.ts';
import { GRAPHS, PLACES, SCALES, TOLD } from './model.ts';
import { ORDERS, type OrderName } from './names.ts';
import { costOf, SCALES_ONCE } from './order-costs.ts';
import { judgedFrom, judgedOf } from './orders-judged.ts';
import { brokenOf, ORDERS_FROM, ORDERS_MEASURED } from './orders-measured.ts';
import { maskedAfter } from './round-states.ts';
import { levelGroups, seenShare } from './scale-levels.ts';
import type { CodesViewModel } from './view-model.svelte.ts';

const SHARES = ['first', 'top5', 'style'] as const;
const measured = (value: string | undefined): ProseNumber | undefined =>
  value === undefined ? undefined : { value, from: ORDERS_FROM };
const orderNamed = (at: string): OrderName | undefined => ORDERS.find((order) => order === at);

/** `raster.held.en.first`, `masked.seen.zh.style`, `raster.held.real.first`: shares of pictures, and of the real ones in English. */
function judgedNumber(at: string): ProseNumber | undefined {
  const [which, set, who, name] = at.split('.');
  const net = orderNamed(which ?? '');
  const found = net && judgedOf(net);
  const what = SHARES.find((one) => one === name);
  if (!net || !found || !what || (set !== 'held' && set !== 'seen')) return undefined;
  const of: Shares = who === 'real' ? found[set].en.real : found[set][who === 'zh' ? 'zh' : 'en'];
  return { value: formatPercent(of[what]), from: judgedFrom(net) };
}

/** `without.psnr`, `painted.8.latents`, `all.psnr`: pictures with something missing. */
function restNumber(at: string): ProseNumber | undefined {
  const { rest } = ORDERS_MEASURED ?? {};
  const [which, a, b] = at.split('.');
  if (!rest) return undefined;
  const of = which === 'painted' ? rest.painted[a ?? ''] : which === 'all' ? rest.all : rest.without;
  if (!of) return undefined;
  return measured((b ?? a) === 'psnr' ? formatFixed(of.psnr, 1) : formatFixed(of.latents, 3));
}

/** Numbers of the steps that the `rounds` views belong to. */
export const roundsNumbers: Numbers<CodesViewModel> = {
  rounds: (vm) => fromInput(vm.state.r),
  /** Codes that are kept in the first and in the last round. */
  kept: (vm, at) => {
    const left = maskedAfter(PLACES, vm.state.r);
    const [before, after] = at === 'last' ? left.slice(-2) : left;
    return before === undefined || after === undefined ? undefined : fromInput(before - after);
  },
  /** `8.confidence`: the share of right names in so many rounds. */
  roundsOf: (_vm, at) => {
    const [rounds, choose] = at.split('.');
    const row = ORDERS_MEASURED?.rounds?.find(
      (one) => one.rounds === Number(rounds) && one.choose === choose,
    );
    return measured(row && formatPercent(row.first));
  },
  /** Passes and tokens of a picture without guidance. */
  passes: (vm, at) => {
    const order = orderNamed(at);
    return order && fromGraph(formatCount(costOf(order, vm.state.r).passes));
  },
  tokens: (vm, at) => {
    const order = orderNamed(at);
    return order && fromGraph(formatCount(costOf(order, vm.state.r).tokens));
  },
  scalesOnce: () => fromGraph(SCALES_ONCE),
  maskedOverRaster: () =>
    fromGraph(formatFixed(costOf('masked', PLACES).tokens / costOf('raster', PLACES).tokens, 0)),
  seenShare: () => fromGraph(formatPercent(seenShare(levelGroups(SCALES, TOLD)))),
  parametersOf: (_vm, at) =>
    at === 'hart' || at === 'scales' ? fromGraph(formatShort(describe(GRAPHS[at]).parameters)) : undefined,
  judged: (_vm, at) => judgedNumber(at),
  /** `without-2.apart`, `no-mask.first`, `scales.first`: what a break comes to. */
  broken: (_vm, at) => {
    const [which = '', what] = at.split('.');
    const of = brokenOf(which);
    if (!of) return undefined;
    return measured(
      what === 'apart' ? formatFixed(of.apart, 2) : formatPercent(what === 'style' ? of.style : of.first),
    );
  },
  judgedPictures: () => measured(ORDERS_MEASURED && formatCount(ORDERS_MEASURED.judged)),
  brokenPictures: () => measured(ORDERS_MEASURED && formatCount(ORDERS_MEASURED.pictures)),
  /** Side of the grid that is left out. */
  goneSide: (vm) => fromInput(SCALES[vm.state.gone] ?? 1),
  rest: (_vm, at) => restNumber(at),
  restPictures: () =>
    measured(ORDERS_MEASURED?.rest ? formatCount(ORDERS_MEASURED.rest.pictures) : undefined),
};
