import { parseSafetensors, writeSafetensors, type TensorToWrite } from '#lib/weights/safetensors.ts';
import { asHuggingFace } from '#lib/weights/testing.ts';

/*
 * The graph's tensors as other code has them, written down from its modules. For tests.
 */

/** A network as small as it gets. */
export const small = { image: 16, patch: 4, dim: 12, depth: 2, heads: 3, classes: 5 } as const;
export const open = (tensors: readonly TensorToWrite[]) =>
  parseSafetensors(writeSafetensors(tensors), 'w.safetensors');
export const rename = (tensors: readonly TensorToWrite[], change: (name: string) => string) =>
  tensors.map((t) => ({ ...t, name: change(t.name) }));

/** The graph's names as torchvision has them, written down from its module. */
export const torchvision = (name: string) =>
  name
    .replace(/^blocks\.(\d+)\./, 'encoder.layers.encoder_layer_$1.')
    .replace(/norm([12])\.(\w+)$/, 'ln_$1.$2')
    .replace('attn.qkv.', 'self_attention.in_proj_')
    .replace('attn.proj', 'self_attention.out_proj')
    .replace('mlp.fc1', 'mlp.0')
    .replace('mlp.fc2', 'mlp.3')
    .replace('patch_embed.proj', 'conv_proj')
    .replace('cls_token', 'class_token')
    .replace('pos_embed', 'encoder.pos_embedding')
    .replace(/^norm\./, 'encoder.ln.')
    .replace(/^head\./, 'heads.head.');

/** What asHuggingFace leaves as it is: LayerScale, and DINOv2's plain names inside a block. */
export const dinov2 = (name: string) =>
  name
    .replace(/layernorm_before|layernorm_after/, (n) => (n.endsWith('before') ? 'norm1' : 'norm2'))
    .replace(/(layer\.\d+)\.intermediate\.dense/, '$1.mlp.fc1')
    .replace(/(layer\.\d+)\.output\.dense/, '$1.mlp.fc2');

/** `SiglipVisionModel`, whose pooling has query, key and value in one matrix, written down from its module. */
export function siglip(tensors: readonly TensorToWrite[]): TensorToWrite[] {
  const pool = (part: string) => tensors.find(({ name }) => name === `attn_pool.${part}`)!;
  const packed = (kind: 'weight' | 'bias'): TensorToWrite => {
    const [q, kv] = [pool(`q.${kind}`), pool(`kv.${kind}`)];
    const data = new Uint8Array([...(q.data as Uint8Array), ...(kv.data as Uint8Array)]);
    const shape = [3 * q.shape[0]!, ...q.shape.slice(1)];
    return { name: `vision_model.head.attention.in_proj_${kind}`, shape, dtype: q.dtype!, data };
  };
  const rest = tensors.filter(({ name }) => !/^attn_pool\.(q|kv)\./.test(name));
  const blocks = asHuggingFace(
    rest.filter(({ name }) => name.startsWith('blocks.')),
    'hf-v5',
    'vision_model.',
  );
  const others = rest.filter(({ name }) => !name.startsWith('blocks.'));
  return [
    packed('weight'),
    packed('bias'),
    ...rename(blocks, (name) =>
      name
        .replace('.layers.', '.encoder.layers.')
        .replace('layernorm_before', 'layer_norm1')
        .replace('layernorm_after', 'layer_norm2')
        .replace(/attention\.([qkv])_proj/, 'self_attn.$1_proj')
        .replace('attention.o_proj', 'self_attn.out_proj'),
    ),
    ...others.map((t) => ({
      ...t,
      name: t.name
        .replace('patch_embed.proj', 'vision_model.embeddings.patch_embedding')
        .replace('pos_embed', 'vision_model.embeddings.position_embedding.weight')
        .replace(/^norm\./, 'vision_model.post_layernorm.')
        .replace('attn_pool.latent', 'vision_model.head.probe')
        .replace('attn_pool.proj', 'vision_model.head.attention.out_proj')
        .replace('attn_pool.norm', 'vision_model.head.layernorm')
        .replace('attn_pool.mlp', 'vision_model.head.mlp'),
      ...(t.name === 'pos_embed' && { shape: t.shape.slice(1) }),
    })),
  ];
}

/** The upper and the lower half of a tensor's rows. */
export function halves(t: TensorToWrite): TensorToWrite[] {
  const bytes = t.data as Uint8Array;
  const shape = [t.shape[0]! / 2, ...t.shape.slice(1)];
  const middle = bytes.length / 2;
  return [bytes.subarray(0, middle), bytes.subarray(middle)].map((data) => ({ ...t, shape, data }));
}

/** Query, key and value. */
export function thirds(t: TensorToWrite): TensorToWrite[] {
  const bytes = t.data as Uint8Array;
  const each = bytes.length / 3;
  return [0, 1, 2].map((i) => ({
    ...t,
    shape: [t.shape[0]! / 3, ...t.shape.slice(1)],
    data: bytes.subarray(i * each, (i + 1) * each),
  }));
}

/** OpenAI's `VisionTransformer` inside its `CLIP`, written down from the module; its projection lies the other way round. */
export function openai(t: TensorToWrite): TensorToWrite {
  const name = t.name
    .replace(/^blocks\.(\d+)\./, 'transformer.resblocks.$1.')
    .replace(/norm([12])\.(\w+)$/, 'ln_$1.$2')
    .replace('attn.qkv.', 'attn.in_proj_')
    .replace('attn.proj', 'attn.out_proj')
    .replace('mlp.fc1', 'mlp.c_fc')
    .replace('mlp.fc2', 'mlp.c_proj')
    .replace('patch_embed.proj', 'conv1')
    .replace('cls_token', 'class_embedding')
    .replace('pos_embed', 'positional_embedding')
    .replace('norm_pre', 'ln_pre')
    .replace(/^norm\./, 'ln_post.')
    .replace(/^proj\.weight$/, 'proj');
  const stacked = { cls_token: 2, pos_embed: 1 }[t.name] ?? 0;
  if (t.name !== 'proj.weight') return { ...t, name: `visual.${name}`, shape: t.shape.slice(stacked) };
  const [rows = 1, columns = 1] = t.shape;
  const values = new Float32Array((t.data as Uint8Array).slice().buffer);
  const data = values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
  return { name: 'visual.proj', shape: [columns, rows], data };
}
