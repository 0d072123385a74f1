import type { Doc, Graph, Value } from '#lib/graph/index.ts';
import { headMlp, headNames } from '../shared/head-mlp.ts';
import { affine } from '../shared/layers.ts';
import type { DetrConfig } from './config.ts';
import { headDocs } from './docs.ts';
import type { Live } from './interventions.ts';

const named = (name: string, doc: Doc) => ({ name, doc });

/** What is read off one layer of the decoder: `hidden` is its output, `[B, Q, D]`; `index` its number. */
export type Reader = (hidden: Value, index: number) => void;

/**
 * The heads behind every layer of the decoder, with weights that all layers share: the norm, the classes, and an MLP of three
 * layers to the box. The last layer's answers are `logits` and `probs` `[B, Q, K + 1]` and `boxes` `[B, Q, 4]`, those of
 * earlier ones `logits.0` and so on, what training held to the targets as well (auxiliary losses).
 */
export function heads(g: Graph, c: DetrConfig, live: Live | undefined): Reader {
  const { dim, classes, decoderDepth, normEps } = c;
  const norm = {
    weight: g.initializer('transformer.decoder.norm.weight', [dim], ['D']),
    bias: g.initializer('transformer.decoder.norm.bias', [dim], ['D']),
  };
  const classEmbed = {
    weight: g.initializer('class_embed.weight', [classes + 1, dim], ['K', 'D']),
    bias: g.initializer('class_embed.bias', [classes + 1], ['K']),
  };
  const box = headMlp(g, 'bbox_embed', dim, { size: 4, dim: '4' });

  return (out, index) => {
    const docs = headDocs(c, index, live !== undefined);
    const last = index === decoderDepth - 1;
    const as = (name: string, doc: Doc) => named(last ? name : `${name}.${index}`, doc);
    const hidden = g.layerNorm(
      out,
      norm.weight,
      norm.bias,
      normEps,
      named(`transformer.decoder.norm.${index}`, docs.norm),
    );
    const logits = affine(g, hidden, classEmbed.weight, classEmbed.bias, as('logits', docs.logits));
    g.softmax(live ? g.add(logits, live.classBias) : logits, -1, as('probs', docs.probs));
    const raw = box(hidden, last ? (part, n) => headNames('boxes', part, n) : undefined);
    g.sigmoid(raw, as('boxes', docs.boxes));
  };
}
