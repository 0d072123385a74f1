import { formatFixed, formatPercent } from '#lib/base/format.ts';
import { fromConfig, fromGraph, type Numbers, type ProseNumber } from '#lib/notebook/numbers.ts';
import { ATTENTION, HEADS, SEQUENCE } from './attention-names.ts';
import { DENOISER_CONFIG, TEXT_CONFIG } from './model.ts';
import { measuredShare, TOLD_MEASURED, TOLD_MEASURED_FROM } from './told-measured.ts';
import type { LatentsViewModel } from './view-model.svelte.ts';

const measured = (percent: number | undefined): ProseNumber | undefined =>
  percent === undefined ? undefined : { value: `${formatFixed(percent, 1)} %`, from: TOLD_MEASURED_FROM };
const count = (value: number | undefined): ProseNumber | undefined =>
  value === undefined ? undefined : { value, from: TOLD_MEASURED_FROM };

/** Numbers of the steps that the `told` views belong to. */
export const toldNumbers: Numbers<LatentsViewModel> = {
  T: () => fromGraph(SEQUENCE.tokens, 'T'),
  context: () => fromConfig(TEXT_CONFIG.context),
  Dc: () => fromGraph(DENOISER_CONFIG.contextDim ?? DENOISER_CONFIG.dim, 'D'),
  tower: () => fromConfig(TEXT_CONFIG.textDepth),
  maps: () => fromGraph(ATTENTION.length * HEADS, 'h'),
  evenly: () => fromGraph(formatPercent(1 / SEQUENCE.tokens)),
  /** `share@early.words`: of the attention of the patches, see told-measured.ts. */
  share: (_vm, at) => measured(measuredShare(at)),
  toldWords: () => count(TOLD_MEASURED?.words),
  /** `jump@text`: part of a walk's change that is in its largest jump. */
  jump: (_vm, at) => measured(TOLD_MEASURED?.walks[at]),
  walkPairs: () => count(TOLD_MEASURED?.pairs),
};
