import { readFileSync } from 'node:fs';
import katex from 'katex';
import { describe, expect, it } from 'vitest';
import { describe as describeGraph } from '#lib/graph/describe.ts';
import { runGraph } from '#lib/graph/session.testing.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { apart, expectNeutral, neutralFeeds } from '../held.testing.ts';
import { parseModelConfig } from '../model-config.ts';
import { CHECKPOINT } from './checkpoint.ts';
import { FAMILY } from './family.ts';
import { residualMlpConfig } from './graph.ts';

describe('hart-tiny against PyTorch', () => {
  const read = (file: string) =>
    readFileSync(new URL(`../../../../models/hart-tiny/${file}`, import.meta.url));
  const config = residualMlpConfig(parseModelConfig(read('config.json').toString()).config);
  const weights = CHECKPOINT.bind(parseSafetensors(read('model.safetensors'), 'model.safetensors'), config);
  const golden = parseSafetensors(read('golden.safetensors'), 'golden.safetensors');
  const want = (name: string) => golden.float32(`g/${name}`);
  const fed = FAMILY.inputs(config).filter(({ role }) => role !== 'intervention');
  const feeds = Object.fromEntries(fed.map(({ name }) => [name, want(name)]));

  it.each([false, true])('every named tensor, interventions %s', async (interventions) => {
    const g = FAMILY.build(config, { batch: 2, interventions });
    const all = g.tensorNames().filter((name) => g.value(name).kind === 'node');
    const names = golden.names().filter((name) => name.startsWith('g/'));
    expect(names.sort()).toEqual([...Object.keys(feeds), ...all].map((name) => `g/${name}`).sort());
    const got = await runGraph(
      g,
      all,
      { ...(interventions ? neutralFeeds(FAMILY, config) : {}), ...feeds },
      weights,
    );
    for (const name of all) {
      expect(got[name]!.shape, name).toEqual(golden.get(`g/${name}`)!.shape);
      expect(apart(got[name]!.data, want(name)), name).toBeLessThan(1e-5);
    }
  });

  it('does not hear what it is not told', async () => {
    const g = FAMILY.build(config, { batch: 2, interventions: true });
    const neutral = neutralFeeds(FAMILY, config);
    const c = async (more: object) =>
      (await runGraph(g, ['c'], { ...neutral, ...feeds, ...more }, weights))['c']!.data;
    const deaf = { hidden_gate: [0], code_gate: [0] };
    const other = {
      hidden: feeds.hidden!.map((v) => v + 1),
      codes: feeds.codes!.map((k) => (k + 1) % config.codes),
    };
    expect(apart(await c({ ...deaf, ...other }), await c(deaf))).toBeLessThan(1e-7);
    expect(apart(await c(other), await c({}))).toBeGreaterThan(1e-5);
  });

  it('is recognised, and its sizes are read off its weights', () => {
    expect(CHECKPOINT.recognise(weights)).toBe(4);
    const { grid, residualScale } = config;
    expect(CHECKPOINT.infer(weights, { grid, residualScale }).config).toEqual(config);
    expect(() => residualMlpConfig({ timeFrequencies: 3 })).toThrow('timeFrequencies: must be even');
    expect(() => residualMlpConfig({ residualScale: 0 })).toThrow('residualScale: must be a number above 0');
  });

  it('has inputs that change nothing, docs in both languages, and as many parameters as in PyTorch', () => {
    expectNeutral(FAMILY, config);
    for (const interventions of [false, true]) {
      const g = FAMILY.build(config, { interventions });
      for (const name of g.tensorNames()) {
        const { doc, kind } = g.value(name);
        expect(doc?.title.en, name).toMatch(/^[A-Z0-9]/);
        expect(doc?.title.zh, name).toMatch(/[一-鿿]/);
        if (kind === 'node') expect(doc?.torch, name).toMatch(/=/);
        if (doc?.formula)
          expect(() => katex.renderToString(doc.formula!, { throwOnError: true }), name).not.toThrow();
      }
    }
    const { parameters } = describeGraph(FAMILY.build(FAMILY.defaults));
    expect((parameters / 1e6).toFixed(2)).toBe('1.44');
  });
});
