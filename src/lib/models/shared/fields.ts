import type { Text } from '#lib/base/lang.ts';
import type { Field } from '../family.ts';

/** A slider. */
export function number<N extends string>(
  name: N,
  en: string,
  zh: string,
  min: number,
  max: number,
  step = 1,
): { name: N; title: Text; kind: 'number'; min: number; max: number; step: number } {
  return { name, title: { en, zh }, kind: 'number', min, max, step };
}

/** A list of whole numbers. */
export function numbers<N extends string>(
  name: N,
  en: string,
  zh: string,
): { name: N; title: Text; kind: 'numbers' } {
  return { name, title: { en, zh }, kind: 'numbers' };
}

/** A switch. */
export function flag<N extends string>(
  name: N,
  en: string,
  zh: string,
): { name: N; title: Text; kind: 'flag' } {
  return { name, title: { en, zh }, kind: 'flag' };
}

/** One of a few; options are value → [English, Chinese]. */
export function choice<N extends string>(
  name: N,
  en: string,
  zh: string,
  options: Readonly<Record<string, readonly [string, string]>>,
): { name: N; title: Text; kind: 'choice'; options: { value: string; title: Text }[] } {
  return {
    name,
    title: { en, zh },
    kind: 'choice',
    options: Object.entries(options).map(([value, [e, z]]) => ({ value, title: { en: e, zh: z } })),
  };
}

/** What all architectures have in common. `patches` and `sides` are whole numbers of pixels. */
export const BASE_FIELDS: readonly Field[] = [
  number('image', 'Picture side, pixels', '图像边长（像素）', 16, 512, 16),
  number('patch', 'Patch side, pixels', '图像块边长（像素）', 1, 64),
  number('dim', 'Width D', '宽度 D', 64, 1536, 64),
  number('depth', 'Blocks', '层数（depth）', 1, 48),
  number('heads', 'Heads', '注意力头数', 1, 24),
  number('channels', 'Channels', '通道数', 1, 4),
];

/** The base fields with some of them replaced by name. */
export function baseFields(...changed: readonly Field[]): readonly Field[] {
  return BASE_FIELDS.map((f) => changed.find((c) => c.name === f.name) ?? f);
}

export const MLP_RATIO = number('mlpRatio', 'MLP width ÷ D', 'MLP 宽度 ÷ D', 1, 8, 0.5);
export const QKV_BIAS = flag('qkvBias', 'Bias in qkv', 'qkv 投影带偏置');
export const GELU = choice('gelu', 'GELU', 'GELU', {
  erf: ['exact (erf)', '精确（erf）'],
  tanh: ['tanh approximation', 'tanh 近似'],
});
/** With OpenAI's approximation. */
export const GELU_OF_THREE = choice('gelu', 'GELU', 'GELU', {
  erf: ['exact (erf)', '精确（erf）'],
  tanh: ['tanh approximation', 'tanh 近似'],
  sigmoid: ['sigmoid approximation', 'sigmoid 近似'],
});
