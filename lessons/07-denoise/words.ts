import type { Text } from '#lib/base/lang.ts';

/** Those that add noise on the way, whatever their options. */
export const NOISY: readonly string[] = ['ddpm', 'sde'];

/** The name of a class, or of none. */
export function className(labels: readonly Text[], label: number | null, lang: 'en' | 'zh'): string {
  return label === null ? { en: 'no class', zh: '无类别' }[lang] : (labels[label]?.[lang] ?? String(label));
}
