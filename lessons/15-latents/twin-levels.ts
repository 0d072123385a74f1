import { describe } from '#lib/graph/index.ts';
import { levelsOf, type Form } from '#lib/models/unet/levels.ts';
import { uvitSizes } from '#lib/models/uvit/config.ts';
import { DENOISER_CONFIG, GRAPHS, TWIN_CONFIG } from './model.ts';

/** The U-Net's levels, from its graph. */
export const VALLEY = levelsOf(TWIN_CONFIG, GRAPHS.twin);

function formOf(net: 'denoiser' | 'twin', name: string): Form {
  const { shape, dims } = GRAPHS[net].value(name);
  return { shape: shape.slice(1), dims: dims.slice(1) };
}
const form = (name: string): Form => formOf('denoiser', name);
const { half } = uvitSizes(DENOISER_CONFIG);

/** The U-ViT's pairs of blocks with a long skip between them, the outermost first, and the block in the middle. */
export const PAIRS = Array.from({ length: half }, (_, i) => {
  const [from, into] = [`in_blocks.${i}`, `out_blocks.${half - 1 - i}`];
  return { id: String(i), from, into, down: form(from), up: form(into) };
});
export const MIDDLE = form('mid_block');

/** Skips of each network. */
export const SKIPS = {
  denoiser: half,
  twin: VALLEY.levels.reduce((sum, { skips }) => sum + skips, 0),
} as const;

/** What a network's work is spent on, in multiply-adds of one state without guidance. */
export interface Work {
  readonly all: number;
  readonly parameters: number;
  /** Convolutions, which mix neighbouring places. */
  readonly convolutions: number;
  /** Attention with its projections, to places and to text. */
  readonly attention: number;
  /** What works on each place or token by itself. */
  readonly rest: number;
  /** Layers of attention among places or tokens, and of attention to the text alone. */
  readonly selfAttention: number;
  readonly crossAttention: number;
}

function workOf(net: 'denoiser' | 'twin'): Work {
  const { macs: all, parameters, tensors } = describe(GRAPHS[net]);
  const attends = (name: string) => /(^|\.)attn2?[._]/.test(name);
  const sum = (when: (row: (typeof tensors)[number]) => boolean) =>
    tensors.filter(when).reduce((total, { macs }) => total + macs, 0);
  const attention = sum(({ name }) => attends(name));
  const convolutions = sum(({ name, op }) => op === 'Conv' && !attends(name));
  const probs = tensors.filter(({ name }) => name.endsWith('probs'));
  const cross = probs.filter(({ name }) => name.includes('attn2')).length;
  return {
    all,
    parameters,
    convolutions,
    attention,
    rest: all - attention - convolutions,
    selfAttention: probs.length - cross,
    crossAttention: cross,
  };
}

/** The work of both networks. */
export const WORK = { denoiser: workOf('denoiser'), twin: workOf('twin') } as const;

/** A tensor of attention as it is drawn, in each network: who asks, and who is looked at. */
export const ATTENTION = {
  denoiser: form('mid_block.attn.probs'),
  twin: formOf('twin', 'down.0.attn2.0.probs'),
} as const;
