import type { Text } from '#lib/base/lang.ts';
import type { Run } from './attention-runs.svelte.ts';

/** What the ways to look are called. */
export const KIND_NAMES: Readonly<Record<Run, Text>> = {
  global: { en: 'over all', zh: '全局' },
  window: { en: 'windows', zh: '窗口' },
  'shifted-window': { en: 'shifted windows', zh: '移位窗口' },
  linear: { en: 'linear', zh: '线性' },
  'linear-quadratic': { en: 'linear, Q·Kᵀ first', zh: '线性，先算 Q·Kᵀ' },
};

/** The same under small maps, where a long name leaves no room for a range. */
export const SHORT_NAMES: Readonly<Record<Run, Text>> = {
  ...KIND_NAMES,
  'shifted-window': { en: 'shifted', zh: '移位' },
};

/** The ways that charts compare, as long lines have room. */
export const DRAWN = ['global', 'window', 'linear'] as const;
export type Drawn = (typeof DRAWN)[number];

/** Their colours in charts. */
export const KIND_COLOURS: Readonly<Record<Drawn, string>> = {
  global: 'var(--dim-token)',
  window: 'var(--dim-head)',
  linear: 'var(--dim-channel)',
};
