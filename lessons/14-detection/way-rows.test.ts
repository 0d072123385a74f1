import { describe, expect, it } from 'vitest';
import { detrPresets } from '#lib/models/detr/presets.ts';
import { graphOf } from '#lib/models/registry.ts';
import { CONFIGS, GRAPHS } from './model.ts';
import { STAGE_NAMES, wayRows } from './way-rows.ts';

const paper = detrPresets['detr-r50']!;
const graphs = { ...GRAPHS, paper: graphOf({ architecture: 'detr', config: paper }) };

describe.each(['cnn', 'patches', 'paper'] as const)('the way of %s', (which) => {
  const config = which === 'paper' ? paper : CONFIGS[which];
  const rows = wayRows(graphs[which]);
  const shape = (name: string) =>
    STAGE_NAMES.flatMap((stage) => rows[stage]).find((row) => row.name === name)?.shape;

  it('has every stage, with the shapes of attention', () => {
    for (const stage of STAGE_NAMES) expect(rows[stage].length, stage).toBeGreaterThan(3);
    const [tokens = 0] = shape('memory') ?? [];
    const { heads, queries, classes } = config;
    expect(shape('transformer.encoder.layers.0.self_attn.probs')).toEqual([heads, tokens, tokens]);
    expect(shape('transformer.decoder.layers.0.self_attn.probs')).toEqual([heads, queries, queries]);
    expect(shape('transformer.decoder.layers.0.multihead_attn.probs')).toEqual([heads, queries, tokens]);
    expect(shape('probs')).toEqual([queries, classes + 1]);
    expect(shape('boxes')).toEqual([queries, 4]);
  });
  it('begins with the picture and ends with the answers', () => {
    expect(rows.tokens[0]?.name).toBe('x');
    expect(rows.heads.map(({ name }) => name).filter((name) => name.startsWith('transformer'))).toEqual([
      `transformer.decoder.norm.${config.decoderDepth - 1}`,
    ]);
  });
});
