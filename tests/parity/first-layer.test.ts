import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Golden } from '#lib/live/golden.ts';
import { bindWeights } from '#lib/models/bind.ts';
import { parseModelConfig, type ModelConfig } from '#lib/models/model-config.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { firstLayer } from '#lib/runtime/first-layer.ts';

const read = (name: string, file: string) => new Uint8Array(readFileSync(`models/${name}/${file}`));
const configOf = (name: string): ModelConfig =>
  parseModelConfig(new TextDecoder().decode(read(name, 'config.json')));

describe('the first layer of a network', () => {
  it('gives PyTorch’s tensors at every patch size, by its first weights alone', async () => {
    const name = 'vit-flexi';
    const config = configOf(name);
    const golden = new Golden(read(name, 'golden.safetensors'));
    const weights = bindWeights(parseSafetensors(read(name, 'model.safetensors')), config);
    let compared = 0;
    for (const patch of golden.patches) {
      const request = { model: { url: '/', config }, variant: { patch }, inputs: { x: golden.input } };
      const asked: string[] = [];
      const [tensor] = await firstLayer(request, async (names) => {
        asked.push(...names);
        return {
          ...weights,
          get: (n) => (names.includes(n) ? weights.get(n) : undefined),
          names: () => [...names],
        };
      });
      expect(tensor!.name).toBe('patch_embed');
      expect(asked).toContain('patch_embed.proj.weight');
      const held = golden.compare(patch, tensor!);
      if (!held) continue;
      expect(held.worst, `patch ${patch}`).toBeLessThanOrEqual(5e-5 * (1 + held.scale));
      compared++;
    }
    expect(compared).toBeGreaterThan(0);
  });

  it('is nothing for a family without one, and for a picture of another size', async () => {
    const none = () => Promise.reject(new Error('nobody asks'));
    const inputs = { x: new Float32Array(5) };
    expect(await firstLayer({ model: { url: '/', config: configOf('uvit-tiny') }, inputs }, none)).toEqual(
      [],
    );
    const config = configOf('vit-tiny');
    const weights = bindWeights(parseSafetensors(read('vit-tiny', 'model.safetensors')), config);
    expect(await firstLayer({ model: { url: '/', config }, inputs }, async () => weights)).toEqual([]);
  });
});
