import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runGraph } from '#lib/graph/session.testing.ts';
import { parseModelConfig } from './model-config.ts';
import { neutralOf } from './registry.ts';
import { resizePatch } from './vit/resize.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { vit, type ViTConfig } from './vit/graph.ts';

const read = (file: string) => readFileSync(new URL(`../../../models/vit-tiny/${file}`, import.meta.url));
const model = parseModelConfig(JSON.parse(read('config.json').toString()));
const stored = parseSafetensors(read('model.safetensors'), 'model.safetensors');
const golden = parseSafetensors(read('golden.safetensors'), 'golden.safetensors');

describe('vit-tiny against PyTorch', () => {
  it.each(model.patchSizes.flatMap((patch) => [false, true].map((live) => ({ patch, live }))))(
    'patch $patch, interventions $live',
    async ({ patch, live }) => {
      const { config, weights } = resizePatch(stored, model.config as ViTConfig, patch);
      const g = vit(config, { interventions: live });
      const prefix = `p${patch}/`;
      const names = golden
        .names()
        .filter((n) => n.startsWith(prefix) && n !== `${prefix}x`)
        .map((n) => n.slice(prefix.length));
      // Patch 4 has its logits alone; the others have every tensor the graph can be asked for.
      const all = g.tensorNames().filter((n) => g.value(n).kind === 'node');
      expect(names.sort()).toEqual(patch === 4 ? ['logits'] : all.sort());

      const neutral = Object.entries(neutralOf({ architecture: 'vit', config })).map(([name, { data }]) => [
        name,
        data,
      ]);
      const feeds = { x: golden.float32('x'), ...Object.fromEntries(neutral) };
      const got = await runGraph(g, names, feeds, weights);
      for (const name of names) {
        const want = golden.float32(prefix + name);
        const { data, shape } = got[name]!;
        expect(shape, name).toEqual(golden.metadata[prefix + name]?.split(',').map(Number));
        const worst = want.reduce((w, v, i) => Math.max(w, Math.abs(v - data[i]!)), 0);
        const scale = 1 + want.reduce((w, v) => Math.max(w, Math.abs(v)), 0);
        expect(worst / scale, name).toBeLessThan(1e-5);
      }
    },
  );
});
