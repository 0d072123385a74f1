import type { CoderConfig } from './coder-config.ts';
import type { Shapes } from './infer.ts';

/** What the shapes of an encoder and a decoder tell, by the published names. @throws WeightsError */
export function coderRead(
  shapes: Shapes,
): Pick<CoderConfig, 'channels' | 'width' | 'multiples' | 'factor' | 'resBlocks' | 'attention'> {
  const [width = 1, channels = 1] = shapes.of('encoder.conv_in.weight', 4);
  const levels = shapes.count('encoder.down');
  const multiples = Array.from(
    { length: levels },
    (_, i) => (shapes.of(`encoder.down.${i}.block.0.conv1.weight`, 4)[0] ?? 0) / width,
  );
  const last = shapes.has(`encoder.down.${levels - 1}.attn.0.q.weight`);
  const attention = last ? 'last' : shapes.has('encoder.mid.attn_1.q.weight') ? 'mid' : 'none';
  const resBlocks = shapes.count('encoder.down.0.block');
  return { channels, width, multiples, factor: 2 ** (levels - 1), resBlocks, attention };
}
