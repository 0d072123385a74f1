import { expect } from 'vitest';
import { bytesOf, type WeightSource } from './source.ts';
import type { TensorToWrite } from './safetensors.ts';

/** A source's tensors as they could be written to a file. For tests. */
export function tensorsOf(source: WeightSource): TensorToWrite[] {
  return source.names().map((name) => {
    const entry = source.get(name)!;
    return { name, shape: entry.shape, dtype: entry.dtype, data: bytesOf(source, entry) };
  });
}

const BLOCK = {
  'hf-v4': {
    norm1: 'layernorm_before',
    norm2: 'layernorm_after',
    'attn.proj': 'attention.output.dense',
    'mlp.fc1': 'intermediate.dense',
    'mlp.fc2': 'output.dense',
    q: 'attention.attention.query',
    k: 'attention.attention.key',
    v: 'attention.attention.value',
  },
  'hf-v5': {
    norm1: 'layernorm_before',
    norm2: 'layernorm_after',
    'attn.proj': 'attention.o_proj',
    'mlp.fc1': 'mlp.fc1',
    'mlp.fc2': 'mlp.fc2',
    q: 'attention.q_proj',
    k: 'attention.k_proj',
    v: 'attention.v_proj',
  },
} as const;

/**
 * timm-named tensors under the names that Hugging Face's ViT saves, query, key and value apart: the reverse of what
 * `bindVit` does, written down from the table of names. For tests.
 */
export function asHuggingFace(
  tensors: readonly TensorToWrite[],
  style: 'hf-v4' | 'hf-v5',
  prefix = 'vit.',
): TensorToWrite[] {
  const inner = BLOCK[style];
  return tensors.flatMap((t): TensorToWrite[] => {
    const [, index, stem = '', kind] = /^blocks\.(\d+)\.(.+)\.(weight|bias)$/.exec(t.name) ?? [];
    if (index === undefined) return [{ ...t, name: topName(t.name, prefix) }];
    const block = `${prefix}${style === 'hf-v4' ? 'encoder.layer' : 'layers'}.${index}.`;
    if (stem !== 'attn.qkv') return [{ ...t, name: `${block}${inner[stem as 'norm1']}.${kind}` }];
    const bytes = t.data as Uint8Array;
    const third = bytes.length / 3;
    return (['q', 'k', 'v'] as const).map((part, i) => ({
      name: `${block}${inner[part]}.${kind}`,
      shape: [t.shape[0]! / 3, ...t.shape.slice(1)],
      dtype: t.dtype!,
      data: bytes.subarray(i * third, (i + 1) * third),
    }));
  });
}

function topName(name: string, prefix: string): string {
  const [stem, kind] = name.split(/\.(?=(?:weight|bias)$)/);
  const top: Record<string, string> = {
    cls_token: `${prefix}embeddings.cls_token`,
    pos_embed: `${prefix}embeddings.position_embeddings`,
    'patch_embed.proj': `${prefix}embeddings.patch_embeddings.projection`,
    norm: `${prefix}layernorm`,
    head: 'classifier',
  };
  return kind ? `${top[stem!]}.${kind}` : top[name]!;
}

/** A fixed sequence of numbers in [-1, 1). For tests. */
export function numbers(count: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** Two lists are as long as each other and nowhere further apart than `tolerance`. For tests. */
export function close(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < expected.length; i++) worst = Math.max(worst, Math.abs(actual[i]! - expected[i]!));
  expect(worst).toBeLessThanOrEqual(tolerance);
}
