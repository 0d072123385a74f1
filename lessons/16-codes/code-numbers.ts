import { formatCount, formatFixed, formatPercent } from '#lib/base/format.ts';
import { describe } from '#lib/graph/describe.ts';
import { graphOf } from '#lib/models/registry.ts';
import { fromGraph, fromInput, type Numbers, type ProseNumber } from '#lib/notebook/numbers.ts';
import { bitsOf } from './code-bits.ts';
import { CODE_MEASURED, CODE_MEASURED_FROM } from './code-measured.ts';
import { CODES, PLACES, SCALES, SIDE, VQ_CONFIG } from './model.ts';
import { BEGIN, see, trained } from './straight-through.ts';
import type { CodesViewModel } from './view-model.svelte.ts';

const measured = (value: number | string | undefined): ProseNumber | undefined =>
  value === undefined ? undefined : { value, from: CODE_MEASURED_FROM };
const dB = (value: number | undefined) => measured(value && `${formatFixed(value, 1)} dB`);
const one = CODE_MEASURED?.one;
const ours = bitsOf(PLACES, CODES);
const pixelBytes = VQ_CONFIG.channels * SIDE * SIDE;
/** The half without the encoder, which is all that reading codes takes. */
const decoderParameters = () =>
  describe(graphOf({ architecture: 'vq', config: { ...VQ_CONFIG, fromCodes: 1 } })).parameters;
/** Steps that the prose speaks of: at the end, and early. */
const [LAST, EARLY] = [80, 5];
const WAYS: Readonly<Record<string, () => number>> = {
  start: () => see(BEGIN).error,
  through: () => see(trained({ through: true, beta: 0.25 }, LAST).at(-1) ?? BEGIN).error,
  none: () => see(trained({ through: false, beta: 0.25 }, LAST).at(-1) ?? BEGIN).error,
};

/** Numbers of the steps on codes. */
export const codeNumbers: Numbers<CodesViewModel> = {
  bitsEach: () => fromGraph(ours.each),
  bits: () => fromGraph(ours.bits),
  bytes: () => fromGraph(ours.bytes),
  rawBytes: () => fromGraph(formatCount(pixelBytes)),
  ratio: () => fromGraph(Math.round(pixelBytes / ours.bytes)),
  scaleBits: () =>
    fromGraph(
      formatCount(
        bitsOf(
          SCALES.reduce((sum, side) => sum + side ** 2, 0),
          CODES,
        ).bits,
      ),
    ),
  decoderParameters: () => fromGraph(formatCount(decoderParameters())),
  signs: () => measured(CODE_MEASURED && formatCount(CODE_MEASURED.signs)),
  used: () => measured(one?.used),
  /** Codes that are nearly white when they are decoded alone. */
  white: () => measured(one?.white),
  perplexity: () => measured(one && formatFixed(one.perplexity, 0)),
  /** Bits of a sign's codes if each were written by how frequent it is. */
  entropyBits: () => measured(one && formatFixed(one.entropy * PLACES, 0)),
  /** `psnr@one`, `psnr@six`: of held-out signs. */
  psnr: (_, of) => dB(of === 'six' ? CODE_MEASURED?.six.psnr : one?.psnr),
  psnrHalf: (_, of) => dB(of === 'used' || of === 'unused' || of === 'random' ? one?.halves[of] : undefined),
  /** `missing@3`: after three scales. */
  missing: (_, scales) => {
    const rest = CODE_MEASURED?.six.rest[Number(scales) - 1];
    return measured(rest && formatPercent(rest));
  },
  /** The small example: `toy@start`, `toy@through`, `toy@none`; and how far outputs are from codes early: `toyApart@0`. */
  toy: (_, which) => fromInput(formatFixed(WAYS[which]?.() ?? NaN, 2)),
  toyApart: (_, beta) =>
    fromInput(
      formatFixed(see(trained({ through: true, beta: Number(beta) }, EARLY).at(-1) ?? BEGIN).apart, 2),
    ),
};
