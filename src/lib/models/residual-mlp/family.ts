import type { Family, InputSpec } from '../family.ts';
import { number } from '../shared/fields.ts';
import { factors } from '../shared/interventions.ts';
import { checkResidualMlp, RESIDUAL_MLP_DEFAULTS, type ResidualMlpConfig } from './config.ts';
import { residualMlp } from './graph.ts';

function inputs(c: ResidualMlpConfig): readonly InputSpec[] {
  const places = c.grid ** 2;
  return [
    { name: 'x', role: 'embedding', shape: [1, places, c.latent], dims: ['B', 'N', 'E'] },
    { name: 't', role: 'time', shape: [1], dims: ['B'] },
    { name: 'hidden', role: 'embedding', shape: [1, places, c.hidden], dims: ['B', 'N', 'D'] },
    { name: 'codes', role: 'embedding', shape: [1, places], dims: ['B', 'N'] },
    factors('hidden_gate', [], [], {
      kind: 'switch',
      title: { en: 'It is told the hidden state', zh: '输入隐藏状态' },
    }),
    factors('code_gate', [], [], { kind: 'switch', title: { en: 'It is told the code', zh: '输入码字' } }),
  ];
}

/** The network by which HART paints what codes leave over. */
export const FAMILY: Family<ResidualMlpConfig> = {
  id: 'residual-mlp',
  title: { en: 'Residual diffusion MLP', zh: '残余扩散 MLP' },
  order: 23,
  presets: { 'residual-mlp-256': RESIDUAL_MLP_DEFAULTS },
  unpublished: ['residual-mlp-256'],
  groups: { residual: 'Residual diffusion MLP' },
  defaults: RESIDUAL_MLP_DEFAULTS,
  fields: [
    number('latent', 'Numbers of a place', '每个位置的数值数', 1, 64),
    number('grid', 'Side of the latents', '隐变量的边长', 1, 64),
    number('codes', 'Codes', '码本大小', 2, 16384),
    number('hidden', 'Width of the hidden state', '隐藏状态的宽度', 8, 2048, 8),
    number('width', 'Width W', '宽度 W', 8, 1536, 8),
    number('depth', 'Residual blocks', '残差块数', 0, 24),
  ],
  denoises: true,
  check: checkResidualMlp,
  build: residualMlp,
  inputs,
  codeRefiner: (c) => ({
    grid: c.grid,
    width: c.latent,
    hidden: 'hidden',
    codes: 'codes',
    prediction: 'prediction',
    scale: c.residualScale,
  }),
  // It is fed what two other networks have made, in a program; a reader has none of it to give.
  feed: () => undefined,
  answer: () => ({ kind: 'features', tensor: 'prediction' }),
  answers: () => ['prediction'],
};
