import { Graph, type Doc, type Value } from '#lib/graph/index.ts';
import type { BuildOptions } from '../family.ts';
import { transformerBlock } from '../shared/block.ts';
import { layerNorm, linear } from '../shared/layers.ts';
import { pictureTokens } from '../shared/stem.ts';
import { stemDocs } from '../shared/stem-docs.ts';
import { checkClip, stemOf, wholeConfig, type CLIPConfig } from './config.ts';
import { jointDocs, pictureDocs, textDocs, towerPlace } from './docs.ts';

export { CLIP_DEFAULTS, clipConfig, type CLIPConfig } from './config.ts';
export { clipPresets } from './presets.ts';

/** Names of what the two towers are fed. */
export const PICTURE = 'visual.x';
export const TOKENS = 'text.ids';

const named = (name: string, doc: Doc) => ({ name, doc });

/** Rows of length 1: `[…, E]` divided by its length. The least length is PyTorch's, 1e-12. */
function unitLength(g: Graph, x: Value, as: { name: string; doc: Doc }): Value {
  const squared = g.sum(g.mul(x, x), [x.shape.length - 1], true);
  return g.div(x, g.sqrt(g.add(squared, g.scalar(1e-24))), as);
}

/** A picture to its place in the space, `[B, E]` of length 1: a ViT whose head is a projection without bias. */
function pictureTower(g: Graph, c: CLIPConfig, batch: number): Value {
  const docs = pictureDocs(c);
  const { gelu } = wholeConfig(c);
  const shape = [batch, c.channels, c.image, c.image];
  const x = g.input(PICTURE, shape, ['B', 'C', 'H', 'W'], 'float32', stemDocs(stemOf(c), false).x);
  let stream = pictureTokens(g, x, stemOf(c), { prefix: 'visual.' });
  const shared = {
    heads: c.heads,
    qkvBias: true,
    mlp: Math.round(c.dim * c.mlpRatio),
    normEps: c.normEps,
    gelu,
  };
  for (let i = 0; i < c.depth; i++) {
    stream = transformerBlock(g, stream, `visual.blocks.${i}`, {
      ...shared,
      place: towerPlace('picture', i),
    });
  }
  const norm = layerNorm(g, stream, 'visual.norm', c.normEps, named('visual.norm', docs.norm));
  const pooled = g.gather(norm, 1, 0, named('visual.pooled', docs.pooled));
  const space = { size: c.embed, dim: 'E' };
  const proj = linear(g, pooled, 'visual.proj', space, { bias: false, as: named('visual.proj', docs.proj) });
  return unitLength(g, proj, named('visual.embedding', docs.embedding));
}

/** `[T, T]`: 0 for a token itself and those before it, −10⁹ for those after it. */
function causalMask(g: Graph, tokens: number): Value {
  const later = Float32Array.from({ length: tokens * tokens }, (_, i) =>
    i % tokens > Math.floor(i / tokens) ? -1e9 : 0,
  );
  return g.constant(later, [tokens, tokens], ['T', 'T']);
}

/** Texts to their places in the space, `[S, E]` of length 1: a causal transformer, read at the token `<end>`. */
function textTower(g: Graph, c: CLIPConfig): Value {
  const docs = textDocs(c);
  const { texts, end, gelu } = wholeConfig(c);
  const ids = g.input(TOKENS, [texts, c.context], ['S', 'T'], 'float32', docs.ids);
  const words = g.initializer('text.token_embedding.weight', [c.vocabulary, c.textDim], ['id', 'D']);
  const positions = g.initializer('text.positional_embedding', [c.context, c.textDim], ['T', 'D']);
  const embedded = g.gather(
    words,
    0,
    g.cast(ids, 'int32'),
    named('text.token_embedding', docs.tokenEmbedding),
  );
  let stream = g.add(embedded, positions, named('text.tokens', docs.tokens));
  const mask = causalMask(g, c.context);
  const mlp = Math.round(c.textDim * c.mlpRatio);
  const shared = { heads: c.textHeads, qkvBias: true, mlp, normEps: c.normEps, gelu, mask };
  for (let i = 0; i < c.textDepth; i++) {
    stream = transformerBlock(g, stream, `text.blocks.${i}`, { ...shared, place: towerPlace('text', i) });
  }
  // 1 at the token `<end>`, 0 elsewhere: ids are whole numbers.
  const atEnd = g.relu(g.sub(g.scalar(1), g.abs(g.sub(ids, g.scalar(end)))));
  const chosen = g.mul(stream, g.reshape(atEnd, [texts, c.context, 1], ['S', 'T', '1']));
  const pooled = g.sum(chosen, [1], false, named('text.pooled', docs.pooled));
  const weight = g.initializer('text.ln_final.weight', [c.textDim], ['D']);
  const bias = g.initializer('text.ln_final.bias', [c.textDim], ['D']);
  // What networks that paint from words read; nobody else asks for it, and then it costs nothing.
  g.layerNorm(stream, weight, bias, c.normEps, named('text.last_hidden_state', docs.lastHiddenState));
  const last = g.layerNorm(pooled, weight, bias, c.normEps, named('text.ln_final', docs.lnFinal));
  const space = { size: c.embed, dim: 'E' };
  const as = named('text.text_projection', docs.projection);
  const proj = linear(g, last, 'text.text_projection', space, { bias: false, as });
  return unitLength(g, proj, named('text.embedding', docs.embedding));
}

/**
 * CLIP (Radford et al. 2021) as a graph: pictures `visual.x` `[B, C, H, W]` and token ids of texts `text.ids` `[S, T]`
 * to `logits` and `probs` `[B, S]`. The picture tower has timm's names behind `visual.`; the text tower OpenAI's behind
 * `text.` where it has the same parts, its blocks timm's. What is asked of one tower alone needs its input alone.
 * Throws ConfigError for a configuration that cannot be built.
 */
export function clip(config: CLIPConfig, { batch = 1 }: BuildOptions = {}): Graph {
  checkClip(config);
  const g = new Graph(`clip ${config.image}/${config.patch} D${config.dim} L${config.depth}`);
  const docs = jointDocs();
  const pictures = pictureTower(g, config, batch);
  const texts = textTower(g, config);
  const scale = g.exp(g.initializer('logit_scale', [], []));
  const cosines = g.matmul(pictures, g.transpose(texts, [1, 0]));
  const logits = g.mul(cosines, scale, named('logits', docs.logits));
  g.softmax(logits, -1, named('probs', docs.probs));
  return g;
}
