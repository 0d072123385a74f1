import { formatFixed, formatPercent } from '#lib/base/format.ts';
import { DEFAULT_SPACING } from '#lib/diffusion/math/samplers/names.ts';
import { timeGrid } from '#lib/diffusion/math/timesteps.ts';
import { fromConfig, fromInput, type Numbers, type ProseNumber } from '#lib/notebook/numbers.ts';
import { PAINT_MEASURED, PAINT_MEASURED_FROM } from './paint-measured.ts';
import { TOLD } from './paint-remarks.ts';
import type { LatentsViewModel } from './view-model.svelte.ts';

/** Steps that the prose counts in. */
const STEPS = 20;

/** Share of a state's variance that is picture after a step of 20, evenly spread: √ᾱ squared. */
function signalAfter({ denoiser: { process } }: LatentsViewModel, step: number): ProseNumber | undefined {
  if (!process || !Number.isInteger(step)) return undefined;
  const t = timeGrid(process, { steps: STEPS, spacing: DEFAULT_SPACING.ddim })[step];
  return t === undefined ? undefined : fromConfig(formatPercent(process.signalRate(t) ** 2));
}
const measured = (value: number | undefined): ProseNumber | undefined =>
  value === undefined ? undefined : { value: formatFixed(value, 2), from: PAINT_MEASURED_FROM };

/** Numbers of the steps that the `paint` views belong to. */
export const paintNumbers: Numbers<LatentsViewModel> = {
  n: (vm) => fromInput(vm.state.n),
  w: (vm) => fromInput(formatFixed(vm.state.w, 1)),
  L: () => fromConfig(TOLD),
  /** `signal@5`: in percent. */
  signal: (vm, at) => signalAfter(vm, Number(at)),
  paintings: () => PAINT_MEASURED && { value: PAINT_MEASURED.paintings, from: PAINT_MEASURED_FROM },
  /** `without@face`: how far a painting goes without the word. */
  without: (_vm, at) => measured(PAINT_MEASURED?.without[at]),
  /** `swapped@5`: how far it goes with other words after so many steps. */
  swapped: (_vm, at) => measured(PAINT_MEASURED?.swapped[at]),
};
