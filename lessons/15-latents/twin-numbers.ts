import { formatCount, formatFixed, formatPercent, formatShort } from '#lib/base/format.ts';
import { fromConfig, fromGraph, type Numbers, type ProseNumber } from '#lib/notebook/numbers.ts';
import { AUTOENCODER_DEFAULTS } from '#lib/models/autoencoder/config.ts';
import type { Shares } from '#lib/notebook/judged/figures.ts';
import { judgedFrom, judgedOf } from './judged-figures.ts';
import { BREAKS, MEASURED_FROM, type Broken } from './measured-breaks.ts';
import { SKIPS, WORK } from './twin-levels.ts';
import type { LatentsViewModel } from './view-model.svelte.ts';

const SHARES = ['first', 'top5', 'style'] as const;
const BROKEN = [
  ...(['whole', 'guess', 'other', 'state'] as const),
  ...(['decoder', 'decoder-none', 'noise', 'noise-none'] as const),
  ...(['cut-inner', 'cut-outer', 'cut-all'] as const),
];

/** `held.en.first`, `seen.zh.style`, `held.real.style`: shares of paintings, and of the real pictures in English. */
function judgedNumber(at: string): ProseNumber | undefined {
  const [set, who, name] = at.split('.');
  const found = judgedOf('denoiser');
  const what = SHARES.find((one) => one === name);
  if (!found || !what || (set !== 'held' && set !== 'seen')) return undefined;
  const of: Shares = who === 'real' ? found[set].en.real : found[set][who === 'zh' ? 'zh' : 'en'];
  return { value: formatPercent(of[what]), from: judgedFrom('denoiser') };
}

/** `cut-all.apart`, `whole.first`: what a break comes to. */
function brokenNumber(at: string): ProseNumber | undefined {
  const [which, what] = at.split('.');
  const key = BROKEN.find((one) => one === which);
  const of: Broken | undefined = key && BREAKS?.[key];
  if (!of) return undefined;
  const value = what === 'first' ? formatPercent(of.first) : formatFixed(of.apart, 2);
  return { value, from: MEASURED_FROM };
}

/** Numbers of the steps that the `twin` views belong to. */
export const twinNumbers: Numbers<LatentsViewModel> = {
  /** Parameters and multiply-adds of the twins: `twin@denoiser.all`. */
  twin: (_vm, at) => {
    const [net, what] = at.split('.');
    if (net !== 'denoiser' && net !== 'twin') return undefined;
    return fromGraph(formatShort(what === 'parameters' ? WORK[net].parameters : WORK[net].all));
  },
  skips: (_vm, at) => (at === 'twin' || at === 'denoiser' ? fromGraph(SKIPS[at]) : undefined),
  judged: (_vm, at) => judgedNumber(at),
  judgedPairs: () => {
    const found = judgedOf('denoiser');
    return found && { value: formatCount(found.held.pairs), from: judgedFrom('denoiser') };
  },
  broken: (_vm, at) => brokenNumber(at),
  brokenPictures: () => BREAKS && { value: formatCount(BREAKS.pictures), from: MEASURED_FROM },
  /** The factor on the latents; their deviation without it; the factor of Stable Diffusion's. */
  factor: ({ scalingFactor: s }, at) => {
    if (at === 'other') return fromConfig(AUTOENCODER_DEFAULTS.scalingFactor.toString());
    return fromConfig(s === undefined ? undefined : formatFixed(at === 'inverse' ? 1 / s : s, 2));
  },
};
