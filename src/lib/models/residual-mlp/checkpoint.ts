import type { WeightSource } from '#lib/weights/source.ts';
import type { Checkpoint, Inferred } from '../family.ts';
import { bindPublished, landmarksIn } from '../shared/bind.ts';
import { completed, Shapes } from '../shared/infer.ts';
import { RESIDUAL_MLP_DEFAULTS, residualMlpConfig, type ResidualMlpConfig } from './config.ts';
import { residualMlp } from './graph.ts';

const LANDMARK = 'cond_embed.weight';

/** The configuration of bare weights: all but the side of the grid and the scale of the rest is told by the shapes. */
function infer(source: WeightSource, set: Readonly<Record<string, unknown>>): Inferred<ResidualMlpConfig> {
  const shapes = new Shapes(source, LANDMARK);
  const [width = 1, hidden = 1] = shapes.of(LANDMARK, 2);
  const read = {
    width,
    hidden,
    latent: shapes.of('input_proj.weight', 2)[1] ?? 1,
    codes: shapes.of('code_embed.weight', 2)[0] ?? 1,
    timeFrequencies: shapes.of('time_embed.mlp.0.weight', 2)[1] ?? 1,
    depth: shapes.count('res_blocks'),
  };
  const { config, assumed } = completed<ResidualMlpConfig>(read, set, {
    grid: { value: RESIDUAL_MLP_DEFAULTS.grid, why: 'the weights fit any size' },
    residualScale: { value: RESIDUAL_MLP_DEFAULTS.residualScale, why: 'no tensor tells it' },
  });
  return { config: residualMlpConfig(config), assumed };
}

/** How weights files of such a network are read. */
export const CHECKPOINT: Checkpoint<ResidualMlpConfig> = {
  landmarks: [LANDMARK],
  recognise: (source) =>
    landmarksIn(source, [LANDMARK, 'input_proj.weight', 'final_layer.linear.weight', 'code_embed.weight']),
  infer,
  bind: (source, config) => bindPublished(source, LANDMARK, residualMlp(config)),
};
