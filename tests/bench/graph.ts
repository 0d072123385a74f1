import { vit, vitPresets } from '#lib/models/vit/graph.ts';
import { describe } from '#lib/graph/describe.ts';
import { encode } from '#lib/graph/encode.ts';
import { attentionMaps } from './models.ts';
import { bounded, kilobytes, median, ms, type Row } from './table.ts';

const GROUP = 'Graph of ViT-B/16';

/** Size of the encoded graph with every attention map as an output, and the time it takes to build and encode it. */
export function measureGraph(): Row[] {
  const config = vitPresets['vit-b-16']!;
  const outputs = ['logits', ...attentionMaps(config.depth)];
  const round = () => {
    const began = performance.now();
    const graph = vit(config);
    const { model } = encode(graph, { outputs });
    return { took: performance.now() - began, bytes: model.byteLength, graph };
  };
  const first = round();
  const rounds = Array.from({ length: 20 }, round);
  const { parameters, macs } = describe(first.graph);
  return [
    bounded(GROUP, 'encoded, weights apart, 12 attention maps as outputs', first.bytes, 100_000, kilobytes),
    bounded(GROUP, 'built and encoded, the first time', first.took, 50, ms),
    bounded(GROUP, 'built and encoded, median of 20 more', median(rounds.map((r) => r.took)), 50, ms),
    { group: GROUP, what: 'parameters', value: parameters.toLocaleString('en') },
    { group: GROUP, what: 'multiply-accumulates', value: `${(macs / 1e9).toFixed(2)} G` },
  ];
}
