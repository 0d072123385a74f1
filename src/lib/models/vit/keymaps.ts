/*
 * Names of a ViT's tensors in the checkpoints people have, translated to the graph's names, which are timm's
 * (timm 1.0, `vision_transformer.py`). Hugging Face's `ViTModel` up to version 4 of transformers, which is what files
 * on its hub hold, and from version 5 on.
 */

/** Whose names a checkpoint has. */
export type NameStyle = 'timm' | 'hf-v4' | 'hf-v5';

export const STYLE_TITLES: Readonly<Record<NameStyle, string>> = {
  timm: 'timm',
  'hf-v4': 'Hugging Face (transformers up to 4)',
  'hf-v5': 'Hugging Face (transformers 5)',
};

/** Where a tensor of the graph comes from: one tensor of the file, or three laid one after another along the first axis. */
export type Origin = { readonly one: string } | { readonly three: readonly [string, string, string] };

export interface NameMap {
  readonly style: NameStyle;
  /** The graph's name → where it comes from. */
  readonly origins: ReadonlyMap<string, Origin>;
}

/** Hugging Face names outside the blocks, without prefix, before `.weight` or `.bias`. */
const HF_TOP: Readonly<Record<string, string>> = {
  'embeddings.cls_token': 'cls_token',
  'embeddings.position_embeddings': 'pos_embed',
  'embeddings.patch_embeddings.projection': 'patch_embed.proj',
  layernorm: 'norm',
  classifier: 'head',
};

/** Hugging Face names inside a block. `qkv/0` is the first third of `attn.qkv`. */
const HF_BLOCK: Readonly<Record<'hf-v4' | 'hf-v5', Readonly<Record<string, string>>>> = {
  'hf-v4': {
    layernorm_before: 'norm1',
    layernorm_after: 'norm2',
    'attention.attention.query': 'qkv/0',
    'attention.attention.key': 'qkv/1',
    'attention.attention.value': 'qkv/2',
    'attention.output.dense': 'attn.proj',
    'intermediate.dense': 'mlp.fc1',
    'output.dense': 'mlp.fc2',
  },
  'hf-v5': {
    layernorm_before: 'norm1',
    layernorm_after: 'norm2',
    'attention.q_proj': 'qkv/0',
    'attention.k_proj': 'qkv/1',
    'attention.v_proj': 'qkv/2',
    'attention.o_proj': 'attn.proj',
    'mlp.fc1': 'mlp.fc1',
    'mlp.fc2': 'mlp.fc2',
  },
};

/** The tensor that every ViT has; what stands before it in a file (`vit.`, `module.`) stands before the others too. */
const LANDMARKS = { timm: 'patch_embed.proj.weight', hf: 'embeddings.patch_embeddings.projection.weight' };

/**
 * Recognises a checkpoint's style by its names and maps them.
 * @returns undefined when the names are none of a ViT's: neither style's patch embedding is among them
 */
export function mapNames(names: readonly string[]): NameMap | undefined {
  const timm = prefixBefore(names, LANDMARKS.timm);
  if (timm !== undefined) {
    return { style: 'timm', origins: new Map(names.map((name) => [strip(name, timm), { one: name }])) };
  }
  const hf = prefixBefore(names, LANDMARKS.hf);
  if (hf === undefined) return undefined;
  const bare = new Map(names.map((name) => [strip(name, hf), name]));
  const style = [...bare.keys()].some((name) => /^layers\.\d+\./.test(name)) ? 'hf-v5' : 'hf-v4';
  return { style, origins: hfOrigins(bare, style) };
}

function hfOrigins(bare: ReadonlyMap<string, string>, style: 'hf-v4' | 'hf-v5'): Map<string, Origin> {
  const origins = new Map<string, Origin>();
  const thirds = new Map<string, string[]>();
  const block = style === 'hf-v4' ? /^encoder\.layer\.(\d+)\.(.+)$/ : /^layers\.(\d+)\.(.+)$/;
  for (const [name, stored] of bare) {
    const suffix = /\.(weight|bias)$/.exec(name)?.[0] ?? '';
    const stem = name.slice(0, name.length - suffix.length);
    const [, index, inner = ''] = block.exec(stem) ?? [];
    const target = index === undefined ? HF_TOP[stem] : HF_BLOCK[style][inner];
    const third = /^qkv\/(\d)$/.exec(target ?? '')?.[1];
    if (target === undefined) {
      origins.set(index === undefined ? name : `blocks.${index}.${inner}${suffix}`, { one: stored });
    } else if (third !== undefined) {
      const fused = `blocks.${index}.attn.qkv${suffix}`;
      const parts = thirds.get(fused) ?? [];
      parts[Number(third)] = stored;
      thirds.set(fused, parts);
    } else {
      origins.set(index === undefined ? target + suffix : `blocks.${index}.${target}${suffix}`, {
        one: stored,
      });
    }
  }
  for (const [fused, [q, k, v]] of thirds) {
    if (q !== undefined && k !== undefined && v !== undefined) origins.set(fused, { three: [q, k, v] });
  }
  return origins;
}

function prefixBefore(names: readonly string[], landmark: string): string | undefined {
  const found = names.find((name) => name === landmark || name.endsWith(`.${landmark}`));
  return found?.slice(0, found.length - landmark.length);
}

function strip(name: string, prefix: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}
