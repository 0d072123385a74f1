import { Graph, type As, type Doc, type Value } from '#lib/graph/index.ts';
import type { BuildOptions } from '../family.ts';
import { layerNorm, linear, plainNorm, silu } from '../shared/layers.ts';
import { sinusoid } from '../shared/time.ts';
import { doc } from '../shared/block-docs.ts';
import { checkResidualMlp, NORM_EPS, type ResidualMlpConfig } from './config.ts';
import { blockDocs, conditionDocs, headDocs } from './docs.ts';

export { RESIDUAL_MLP_DEFAULTS, residualMlpConfig, type ResidualMlpConfig } from './config.ts';

const named = (name: string, doc: Doc) => ({ name, doc });

/** `(1 + scale) ⊙ x + shift`, all `[B, N, W]`. */
const modulated = (g: Graph, x: Value, shift: Value, scale: Value, as: As): Value =>
  g.add(g.mul(x, g.add(scale, g.scalar(1))), shift, as);

/** Time, hidden state and code of each place, `[B, N, W]`, through SiLU. */
function condition(g: Graph, batch: number, c: ResidualMlpConfig, live: boolean): Value {
  const docs = conditionDocs(live);
  const places = c.grid ** 2;
  const width = { size: c.width, dim: 'W' };
  const t = g.input('t', [batch], ['B'], 'float32', doc('Time fed to the network', '输入网络的时刻', 't'));
  const hidden = g.input('hidden', [batch, places, c.hidden], ['B', 'N', 'D'], 'float32', docs.hidden);
  const codes = g.input('codes', [batch, places], ['B', 'N'], 'float32', docs.codes);
  const waves = sinusoid(g, t, c.timeFrequencies, 'F', named('time_embed.sinusoid', docs.sinusoid));
  const first = linear(g, waves, 'time_embed.mlp.0', width, { as: named('time_embed.mlp.0', docs.time0) });
  const act = silu(g, first, named('time_embed.mlp.1', docs.time1));
  const time = linear(g, act, 'time_embed.mlp.2', width, { as: named('time_embed', docs.time) });
  const cond = linear(g, hidden, 'cond_embed', width, { as: named('cond_embed', docs.cond) });
  const table = g.initializer('code_embed.weight', [c.codes, c.width], ['K', 'W']);
  const code = g.gather(table, 0, g.cast(codes, 'int32'), named('code_embed', docs.code));
  const gate = (name: string, en: string, zh: string) =>
    g.input(name, [], [], 'float32', { title: { en, zh } });
  const told = live ? g.mul(cond, gate('hidden_gate', 'Share of the hidden state', '隐藏状态的份额')) : cond;
  const chosen = live ? g.mul(code, gate('code_gate', 'Share of the code', '码字的份额')) : code;
  const row = g.reshape(time, [batch, 1, c.width], ['B', '1', 'W']);
  const sum = g.add(g.add(row, told), chosen, { ...named('c', docs.c), dims: ['B', 'N', 'W'] });
  return silu(g, sum, named('c_silu', docs.cSilu));
}

/** `[B, N, n · W]` of the condition, and its n parts. */
function modulation(g: Graph, cSilu: Value, name: string, parts: number, doc: Doc): Value[] {
  const width = cSilu.shape.at(-1) ?? 1;
  const out = { size: parts * width, dim: `${parts}W` };
  const all = linear(g, cSilu, `${name}.adaLN_modulation.1`, out, {
    as: named(`${name}.adaLN_modulation`, doc),
  });
  const dims = { dims: ['B', 'N', 'W'] };
  return g.split(all, 2, new Array<number>(parts).fill(width), new Array<As>(parts).fill(dims));
}

function residualBlock(g: Graph, x: Value, cSilu: Value, i: number): Value {
  const [name, docs] = [`res_blocks.${i}`, blockDocs(i)];
  const width = { size: x.shape.at(-1) ?? 1, dim: 'W' };
  const [shift = x, scale = x, gate = x] = modulation(g, cSilu, name, 3, docs.modulation);
  const norm = layerNorm(g, x, `${name}.in_ln`, NORM_EPS, named(`${name}.norm`, docs.norm));
  const even = modulated(g, norm, shift, scale, named(`${name}.modulated`, docs.modulated));
  const first = linear(g, even, `${name}.mlp.0`, width, { as: named(`${name}.mlp.0`, docs.mlp0) });
  const act = silu(g, first, named(`${name}.mlp.1`, docs.mlp1));
  const last = linear(g, act, `${name}.mlp.2`, width, { as: named(`${name}.mlp.2`, docs.mlp2) });
  return g.add(x, g.mul(last, gate, named(`${name}.gated`, docs.gated)), named(name, docs.out));
}

/**
 * The network by which HART paints what codes leave over (Tang et al. 2024, section 3.3), an MLP of every place alone in the
 * form of MAR's (Li et al. 2024, section 4.2). Inputs: `x` `[B, N, E]`, N = g² places row by row, `t` `[B]` as the network is fed it,
 * `hidden` `[B, N, H]`, `codes` `[B, N]`; `prediction` `[B, N, E]` comes out. Throws ConfigError for a configuration that cannot be
 * built.
 */
export function residualMlp(c: ResidualMlpConfig, options: BuildOptions = {}): Graph {
  checkResidualMlp(c);
  const { batch = 1, interventions = false } = options;
  const g = new Graph(`residual-mlp E${c.latent} W${c.width} L${c.depth}`);
  const [docs, last] = [conditionDocs(interventions), headDocs()];
  const noisy = g.input('x', [batch, c.grid ** 2, c.latent], ['B', 'N', 'E'], 'float32', docs.x);
  const wide = { size: c.width, dim: 'W' };
  const cSilu = condition(g, batch, c, interventions);
  let x = linear(g, noisy, 'input_proj', wide, { as: named('input_proj', docs.inputProj) });
  for (let i = 0; i < c.depth; i++) x = residualBlock(g, x, cSilu, i);
  const [shift = x, scale = x] = modulation(g, cSilu, 'final_layer', 2, last.modulation);
  const norm = plainNorm(g, x, NORM_EPS, named('final_layer.norm', last.norm));
  const even = modulated(g, norm, shift, scale, named('final_layer.modulated', last.modulated));
  linear(
    g,
    even,
    'final_layer.linear',
    { size: c.latent, dim: 'E' },
    { as: named('prediction', last.prediction) },
  );
  return g;
}
