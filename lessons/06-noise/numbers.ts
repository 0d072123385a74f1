import { formatCount, formatFixed, formatPercent, formatValue } from '#lib/base/format.ts';
import { momentsOf } from '#lib/analysis/gaussian.ts';
import type { ProseNumber } from '#lib/notebook/numbers.ts';
import type { NoiseViewModel } from './view-model.svelte.ts';
import { FULL, SIDE, STEPS, TABLES, type TableName } from './state.ts';
import { decibels, tableOf } from './tables.ts';
import { WALKERS } from './walk.ts';

/** Where the constants of each schedule were published. */
export const SOURCES: Readonly<Record<TableName, string>> = {
  linear: 'cite:Ho et al. 2020, section 4',
  cosine: 'cite:Nichol & Dhariwal 2021, equation 17',
  vp: 'cite:Song et al. 2021, equations 32 and 33',
  'scaled-linear': 'cite:Rombach et al. 2022, released configuration',
};

/**
 * The numbers the prose may name. A part after `@` picks another schedule or index: `abar@cosine`, `abar@499`,
 * `abar@cosine.499`.
 */
export function numberOf(vm: NoiseViewModel, name: string): ProseNumber | undefined {
  const [key = '', other = ''] = name.split('@');
  const parts = other.split('.').filter(Boolean);
  const named = TABLES.find((n) => parts.includes(n));
  const index = parts.find((p) => /^\d+$/.test(p));
  const table = named ? tableOf(named) : vm.table;
  const t = index === undefined ? vm.t : Number(index);
  const bar = table.alphasCumprod[t]!;
  const cited = (value: string | number): ProseNumber => ({ value, from: SOURCES[table.name] });
  const input = (value: string | number | undefined, dim?: string): ProseNumber | undefined =>
    value === undefined ? undefined : { value, from: 'input', ...(dim && { dim }) };
  switch (key) {
    case 't':
      return input(t, 't');
    case 'T':
      return input(STEPS, 't');
    case 'last':
      return input(STEPS - 1, 't');
    case 'side':
      return input(SIDE, 'p');
    case 'full':
      return input(FULL, 'p');
    case 'values':
      return input(3 * SIDE * SIDE, 'p');
    case 'fullvalues':
      return input(3 * FULL * FULL, 'p');
    case 'walkers':
      return input(WALKERS);
    case 'seed':
      return input(vm.state.seed);
    case 'first':
      return cited(formatValue(table.betas[0]!, 3));
    case 'beta':
      return cited(formatValue(table.betas[t]!, 3));
    case 'abar':
      return cited(formatValue(bar, 3));
    case 'signal':
      return cited(formatValue(Math.sqrt(bar), 3));
    case 'noise':
      return cited(formatValue(Math.sqrt(1 - bar), 3));
    case 'variance':
      return cited(formatValue(1 - bar, 3));
    case 'db':
      return cited(`${formatFixed(decibels(bar), 1)} dB`);
    case 'half':
      return { ...cited(table.half), dim: 't' };
    case 'left':
      return cited(formatPercent(Math.sqrt(bar)));
    case 'span':
      return cited(formatCount(Math.round(1 / bar)));
    case 'mean': {
      const { x0 } = vm;
      return input(x0 && formatFixed(momentsOf(x0).mean, 3));
    }
    case 'shift': {
      const { x0 } = vm;
      return input(x0 && formatFixed(Math.sqrt(bar) * momentsOf(x0).mean, 4));
    }
    case 'chaindelta': {
      const { link: state, exact: x0 } = vm;
      if (!state || !x0) return undefined;
      const [a, b] = vm.rates;
      let most = 0;
      state.x.forEach((v, i) => {
        most = Math.max(most, Math.abs(v - (a * x0[i]! + b * state.folded[i]!)));
      });
      return input(formatValue(most, 3));
    }
    default:
      return undefined;
  }
}
