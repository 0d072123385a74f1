import { rms, rmsBetween } from '#lib/analysis/rms.ts';
import { formatFixed, formatPercent, formatShort } from '#lib/base/format.ts';
import { noisePower } from '#lib/diffusion/math/spec.ts';
import {
  fromConfig,
  fromGraph,
  fromInput,
  fromTensor,
  type Numbers,
  type ProseNumber,
} from '#lib/notebook/numbers.ts';
import { variantsOf, WAY_FID, XL, type Variant } from './condition-variants.ts';
import { relatives } from './denoiser-family.ts';
import {
  BLOCKS,
  DIT_CONFIG,
  DIT_SIZES,
  LABEL_TOKEN,
  LABELS,
  PROCESS,
  PREFIX,
  SHAPES,
  TIME_TOKEN,
  UVIT_CONFIG,
  UVIT_SIZES,
  type Kind,
} from './model.ts';
import { shareBelow, shareOf, SMALL } from './modulation.ts';
import type { DitViewModel } from './view-model.svelte.ts';

type Of = Numbers<DitViewModel>[string];

/** The network that a part after `@` names; without it the DiT. */
const kindOf = (at: string): Kind => (at === 'uvit' ? 'uvit' : 'dit');
const share = (part: number, whole: number) => fromGraph(formatPercent(part / whole));
/** Of the way of telling time and class that stands after the `@`, in the size the paper compares them in. */
const ofWay =
  (read: (way: Variant) => ProseNumber | undefined): Of =>
  (_, at) => {
    const way = variantsOf(XL).find((v) => v.condition === at);
    return way && read(way);
  };
const classIn =
  (lang: 'en' | 'zh', none: string): Of =>
  ({ label }) =>
    fromInput(label === null ? none : (LABELS[label]?.[lang] ?? ''));
/** Mean share of the patches' attention that one token of the U-ViT gets, over its blocks. */
const attended =
  (token: number | undefined): Of =>
  (vm) => {
    const shares = BLOCKS.uvit.flatMap((block) => {
      const probs = vm.live.uvit.tensors.get(`${block}.attn.probs`);
      return probs && token !== undefined ? [shareOf(probs, token, PREFIX.uvit)] : [];
    });
    if (shares.length === 0) return undefined;
    const mean = shares.reduce((a, b) => a + b, 0) / shares.length;
    return fromTensor(`${BLOCKS.uvit[0]}.attn.probs`)(formatPercent(mean));
  };
/** Of all gates of the DiT at the state that both look at. */
const ofGates =
  (read: (gates: readonly number[]) => string): Of =>
  (vm) => {
    const gates = BLOCKS.dit.flatMap((block) =>
      ['gate_msa', 'gate_mlp'].flatMap((part) => [...(vm.named(`${block}.${part}`)?.value?.data ?? [])]),
    );
    return gates.length > 0 ? fromTensor(`${BLOCKS.dit[0]}.gate_msa`)(read(gates)) : undefined;
  };

/** The numbers the prose may name. */
export const numbers: Numbers<DitViewModel> = {
  T: (_, at) => fromGraph(at === 'uvit' ? UVIT_SIZES.tokens : DIT_SIZES.tokens, 'T'),
  N: () => fromGraph(DIT_SIZES.patches, 'N'),
  D: () => fromGraph(DIT_CONFIG.dim, 'D'),
  sixD: () => fromGraph(6 * DIT_CONFIG.dim, 'D'),
  extras: () => fromGraph(PREFIX.uvit, 'T'),
  blocks: (_, at) => fromGraph(BLOCKS[kindOf(at)].length),
  skips: () => fromGraph(UVIT_CONFIG.depth / 2),
  parameters: (_, at) => fromGraph(formatShort(SHAPES[kindOf(at)].description.parameters)),
  macs: (_, at) => fromGraph(formatShort(SHAPES[kindOf(at)].description.macs)),
  modshare: () => {
    const { weights, parameters } = SHAPES.dit.description;
    const modulating = weights.filter((w) => w.name.includes('adaLN_modulation'));
    return share(
      modulating.reduce((n, w) => n + w.parameters, 0),
      parameters,
    );
  },
  class: classIn('en', 'no class'),
  classzh: classIn('zh', '无类别'),
  t: (vm) => fromInput(formatFixed(vm.t, 2), 't'),
  /** Share of noise in a state's power at a time. */
  noise: (_, at) => fromConfig(formatPercent(noisePower(PROCESS, Number(at))), 't'),
  waymacs: ofWay((way) => share(way.extraMacs, way.macs - way.extraMacs)),
  wayparams: ofWay((way) => share(way.extraParameters, way.parameters)),
  wayfid: ofWay((way) => ({ value: formatFixed(WAY_FID[way.condition], 1), from: 'cite:arXiv 2212.09748' })),
  fid: (_, at) => {
    const found = relatives().find((r) => r.id === at);
    return found && { value: formatFixed(found.fid, 2), from: `cite:${found.from}` };
  },
  apart: (vm) => {
    const [a, b] = [vm.said('uvit'), vm.said('dit')];
    return fromTensor('prediction')(a && b && formatFixed(rmsBetween(a, b), 3));
  },
  timeshare: attended(TIME_TOKEN),
  labelshare: attended(LABEL_TOKEN),
  gate: ofGates((gates) => formatFixed(rms(gates), 2)),
  closed: ofGates((gates) => formatPercent(shareBelow(gates, SMALL))),
};
