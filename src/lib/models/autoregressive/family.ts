import { Uniform } from '#lib/analysis/uniform.ts';
import type { CodeChooser, Family, Given, InputSpec, InputValues } from '../family.ts';
import { sizeOf } from '#lib/base/tensor.ts';
import { classRow } from '../shared/denoising.ts';
import { GELU, MLP_RATIO, number, numbers, QKV_BIAS } from '../shared/fields.ts';
import {
  AUTOREGRESSIVE_DEFAULTS,
  autoregressiveSizes,
  checkAutoregressive,
  type AutoregressiveConfig,
} from './config.ts';
import { autoregressive } from './graph.ts';
import { interventionsOf } from './interventions.ts';
import { autoregressivePresets } from './presets.ts';

/** Codes, or what stands for them in another order. */
function codesInput(c: AutoregressiveConfig): InputSpec {
  const fed = c.cached === 1 ? 1 : autoregressiveSizes(c).fed;
  return c.order === 'scales'
    ? { name: 'sums', role: 'embedding', shape: [1, fed, c.entryDim], dims: ['B', 'N', 'E'] }
    : { name: 'codes', role: 'embedding', shape: [1, fed], dims: ['B', 'N'] };
}

/** What a step with a cache is told beside the code. */
function stepInputs(c: AutoregressiveConfig): readonly InputSpec[] {
  const { tokens, headDim } = autoregressiveSizes(c);
  return [
    { name: 'slot', role: 'embedding', shape: [1], dims: ['1'] },
    { name: 'place', role: 'embedding', shape: [1], dims: ['1'] },
    {
      name: 'past',
      role: 'embedding',
      shape: [2 * c.depth, 1, c.heads, tokens, headDim],
      dims: ['depth', 'B', 'h', 'T', 'd'],
    },
  ];
}

/** Text and style. */
function toldInputs(c: AutoregressiveConfig): readonly InputSpec[] {
  const context = { name: 'context', role: 'embedding', shape: [1, c.contextTokens, c.contextDim] } as const;
  const classes = { count: c.classes, none: c.classes };
  return [
    ...(c.contextTokens > 0 ? [{ ...context, dims: ['B', 'L', 'D'] }] : []),
    { name: 'y', role: 'class', shape: [1], dims: ['B'], classes },
  ];
}

function chooser(c: AutoregressiveConfig): CodeChooser {
  const { first, tokens } = autoregressiveSizes(c);
  const kept = Array.from({ length: c.depth }, (_, i) => [`blocks.${i}.attn.k`, `blocks.${i}.attn.v`]).flat();
  return {
    order: c.order,
    count: c.codes,
    sides: c.sides,
    tokens,
    ...(c.order === 'masked' && { mask: c.codes }),
    input: codesInput(c).name,
    hidden: 'hidden',
    logits: 'logits',
    ...(c.order === 'raster' && {
      step: {
        variant: { cached: 1 },
        slot: 'slot',
        place: 'place',
        past: 'past',
        cache: 'cache',
        begin: kept,
        first: first + 1,
      },
    }),
  };
}

/** Codes that nobody has chosen yet: all masked, or drawn by the seed; of scales, sums of nothing. */
function someCodes(c: AutoregressiveConfig, { seed }: Given): Float32Array {
  const values = new Float32Array(sizeOf(codesInput(c).shape));
  if (c.order === 'masked') return values.fill(c.codes);
  if (c.order === 'scales') return values;
  const drawn = new Uniform(seed, 0);
  return values.map(() => Math.floor(drawn.within(0, c.codes)));
}

/** Transformers that choose the codes of a picture: row by row, masked in rounds, or scale by scale. */
export const FAMILY: Family<AutoregressiveConfig> = {
  id: 'autoregressive',
  title: { en: 'Transformer over codes', zh: '生成码字的 Transformer' },
  order: 22,
  presets: autoregressivePresets,
  unpublished: Object.keys(autoregressivePresets),
  groups: { codes: 'Transformers over codes' },
  defaults: AUTOREGRESSIVE_DEFAULTS,
  optional: { cached: 0 },
  fields: [
    number('codes', 'Codes', '码本大小', 2, 16384),
    numbers('sides', 'Sides of the grids', '各网格的边长'),
    number('dim', 'Width D', '宽度 D', 64, 1536, 64),
    number('depth', 'Blocks', '层数（depth）', 1, 48),
    number('heads', 'Heads', '注意力头数', 1, 24),
    MLP_RATIO,
    number('classes', 'Styles', '画风数', 0, 1000),
    number('contextTokens', 'Text tokens', '文本词元数', 0, 77),
    QKV_BIAS,
    GELU,
  ],
  check: checkAutoregressive,
  build: autoregressive,
  codeChooser: chooser,
  inputs: (c) => [
    ...(c.cached === 1 ? [] : toldInputs(c)),
    codesInput(c),
    ...(c.cached === 1 ? stepInputs(c) : []),
    ...interventionsOf(c),
  ],
  variants: {
    // No weight knows how many tokens are fed at once.
    fields: ['cached'],
    offered: () => [],
    adapt(weights, config, { cached }) {
      const changed = typeof cached === 'number' ? { ...config, cached } : config;
      checkAutoregressive(changed);
      return { config: changed, weights };
    },
  },
  feed(c, given) {
    if (c.cached === 1 || (c.contextTokens > 0 && !given.context)) return undefined;
    const y = Float32Array.of(classRow({ ...c, image: 1, channels: 1, nullClass: true }, given.class));
    const told: InputValues = given.context ? { context: given.context, y } : { y };
    return { ...told, [codesInput(c).name]: someCodes(c, given) };
  },
  answer: () => ({ kind: 'features', tensor: 'logits' }),
  answers: () => ['logits'],
};
