import { attention } from '#lib/models/shared/attention.ts';
import { mlp } from '#lib/models/shared/block.ts';
import { layerNorm } from '#lib/models/shared/layers.ts';
import { vitSizes, type ViTConfig } from '#lib/models/vit/graph.ts';
import { Graph, outline, type Doc, type Outline } from '#lib/graph/index.ts';

/** One block of a graph as nodes and edges; inputs of interventions are left out. */
export function blockOutline(graph: Graph, block: number): Outline {
  const name = `blocks.${block}`;
  return outline(graph, {
    within: (n) => n === name || n.startsWith(`${name}.`),
    without: (n) => graph.values.get(n)?.kind === 'input',
  });
}

/**
 * A post-norm block as in the first transformer (Vaswani et al. 2017, §3.1): `LN(x + sublayer(x))`, twice. Made of the
 * same layers as ours, with the same names; it has shapes and counts, and no weights exist for it.
 */
export function postNormBlock(c: ViTConfig): Graph {
  const { tokens, mlp: hidden } = vitSizes(c);
  const g = new Graph('post-norm block');
  const name = 'blocks.0';
  const doc = (en: string, zh: string): Doc => ({ title: { en, zh } });
  const x = g.input(
    'tokens',
    [1, tokens, c.dim],
    ['B', 'T', 'D'],
    'float32',
    doc('Tokens', '输入的词元序列'),
  );
  const proj = attention(g, x, `${name}.attn`, { heads: c.heads, qkvBias: c.qkvBias });
  const first = g.add(x, proj, {
    name: `${name}.attn.residual`,
    doc: doc('Sum after attention', '注意力之后的和'),
  });
  const norm1 = layerNorm(g, first, `${name}.norm1`, c.normEps, {
    name: `${name}.norm1`,
    doc: doc('LayerNorm after the first sum', '第一个和之后的层归一化'),
  });
  const fc2 = mlp(
    g,
    norm1,
    `${name}.mlp`,
    { mlp: hidden, gelu: c.gelu },
    {
      fc1: doc('MLP, first layer', 'MLP 的第一个线性层'),
      gelu: doc('MLP after GELU', '经过 GELU 的隐藏层'),
      fc2: doc('MLP output', 'MLP 的输出'),
    },
  );
  const second = g.add(norm1, fc2, {
    name: `${name}.mlp.residual`,
    doc: doc('Sum after the MLP', 'MLP 之后的和'),
  });
  layerNorm(g, second, `${name}.norm2`, c.normEps, {
    name: `${name}.norm2`,
    doc: doc('LayerNorm after the second sum', '第二个和之后的层归一化'),
  });
  return g;
}

/** The whole post-norm block as nodes and edges. */
export function postNormOutline(c: ViTConfig): Outline {
  return outline(postNormBlock(c));
}
