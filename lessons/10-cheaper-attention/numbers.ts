import { formatFixed, formatPercent, formatShort } from '#lib/base/format.ts';
import { fromGraph, fromInput, type Numbers } from '#lib/notebook/numbers.ts';
import { kindCost } from './kind-costs.ts';
import { shiftOf, windowFor } from './kinds.ts';
import type { CheaperViewModel } from './view-model.svelte.ts';

type Of = Numbers<CheaperViewModel>[string];
/** At the present patch size or, as `N@16`, at another: the side of the grid. */
const at =
  (read: (grid: number, vm: CheaperViewModel) => ReturnType<Of>): Of =>
  (vm, other) =>
    read(other ? Math.floor(vm.config.image / Number(other)) : vm.grid, vm);

/** Read off a file of measurements, once its view has been opened. */
const stored = (file: 'twins' | 'pruning', value: number | string | undefined) =>
  value === undefined ? undefined : { value, from: `cite:${file}` };

/** The numbers the prose may name. */
export const numbers: Numbers<CheaperViewModel> = {
  p: (vm) => fromInput(vm.p, 'p'),
  N: at((grid) => fromGraph(grid * grid, 'N')),
  pairs: at((grid) => fromGraph(grid ** 4, 'N')),
  heads: (vm) => fromGraph(vm.config.heads, 'h'),
  d: (vm) => fromGraph(vm.config.dim / vm.config.heads, 'd'),
  layer: (vm) => fromInput(vm.state.l),
  head: (vm) => fromInput(vm.state.h, 'h'),
  M: at((grid, vm) => fromGraph(windowFor(grid, vm.state.m))),
  M2: at((grid, vm) => fromGraph(windowFor(grid, vm.state.m) ** 2)),
  windows: at((grid, vm) => fromGraph((grid / windowFor(grid, vm.state.m)) ** 2)),
  shift: at((grid, vm) => fromGraph(shiftOf(grid, windowFor(grid, vm.state.m)))),
  macsall: at((grid, vm) => fromGraph(formatShort(kindCost('global', grid, vm.state.m).macs))),
  least: ({ measured }) => stored('twins', measured && formatPercent(measured.range[0])),
  most: ({ measured }) => stored('twins', measured && formatPercent(measured.range[1])),
  twinsteps: ({ measured }) => stored('twins', measured?.steps),
  twinbatch: ({ measured }) => stored('twins', measured?.batch),
  /** Right answers of a network with two shares left out: `right@adapted,0.3,0.3`. */
  right: ({ choices }, at) => {
    const [which, ...shares] = at.split(',');
    if (!choices || (which !== 'adapted' && which !== 'started')) return undefined;
    const indices = shares.map((share) =>
      choices.steps.findIndex((step) => Math.abs(step - Number(share)) < 0.01),
    );
    return stored('pruning', choices[which].right(indices));
  },
  photos: ({ choices }) => stored('pruning', choices?.adapted.count),
  bits: (vm) => fromGraph(formatFixed(Math.log2(vm.grid ** 2), 2)),
};
