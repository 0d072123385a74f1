import type { AttentionDocs } from './attention.ts';
import { blockDocs, doc, mlpDocs, type BlockPlace } from './block-docs.ts';
import type { GeluKind } from './layers.ts';
import { gatedDocs } from './variant-docs.ts';

/** Docs of a block whose norms stand after its branches, where they differ from those of a pre-norm block. */
export function resPostDocs(place: BlockPlace, { gelu }: { readonly gelu: GeluKind }) {
  const before = blockDocs(place, { layerScale: false, gelu });
  const [gate, torchGate] = [place.gate?.formula ?? '', place.gate?.torch ?? ''];
  const { residual, output } = before;
  return {
    ...before,
    ...mlpDocs(place, gelu, 'x', "z'"),
    norm1: doc(
      `LayerNorm after attention, ${place.en}`,
      `${place.zh}的注意力之后的层归一化（LayerNorm）`,
      `\\mathrm{LN}(\\mathrm{MSA}(z)),\\quad z = ${place.input}`,
      'norm1 = F.layer_norm(proj, (D,), norm1.weight, norm1.bias, eps)',
    ),
    residual: {
      ...residual,
      formula: `z' = z + ${gate}\\mathrm{LN}(\\mathrm{MSA}(z))`,
      torch: `x = x + ${torchGate}norm1`,
    },
    norm2: doc(
      `LayerNorm after the MLP, ${place.en}`,
      `${place.zh}的 MLP 之后的层归一化（LayerNorm）`,
      "\\mathrm{LN}(\\mathrm{MLP}(z'))",
      'norm2 = F.layer_norm(fc2, (D,), norm2.weight, norm2.bias, eps)',
    ),
    output: {
      ...output,
      formula: `${place.output} = z' + ${gate}\\mathrm{LN}(\\mathrm{MLP}(z'))`,
      torch: `x = x + ${torchGate}norm2`,
    },
  };
}

/** Of its attention, which reads the tokens as they are. */
export function resPostAttentionDocs(place: BlockPlace): AttentionDocs {
  return {
    qkv: doc(
      `Queries, keys and values together, ${place.en}`,
      `${place.zh}的查询、键、值的合并投影`,
      '[Q\\,|\\,K\\,|\\,V] = z\\,W_{qkv}^\\top + b_{qkv}',
      'qkv = attn.qkv(x)',
    ),
  };
}

/** Of its gated MLP, which does as well. */
export function resPostGatedDocs(place: BlockPlace) {
  const { fc1 } = gatedDocs(place);
  return {
    fc1: { ...fc1, formula: "[\\,u\\,|\\,v\\,] = z'\\,W_1^\\top + b_1", torch: 'fc1 = mlp.fc1(x)' },
  };
}
