import type { Lang } from '#lib/base/lang.ts';

/** Short names as on the drawing: `in_blocks.3` is “in 3”. */
export function shortBlock(name: string): string {
  return name.replace('_blocks.', ' ').replace('_block', '');
}

/** A block's name on a drawing: “in 0”, “mid”, “out 3”. */
export function blockName(name: string, lang: Lang): string {
  const short = shortBlock(name);
  if (lang === 'en') return short;
  return short.replace('in ', '入 ').replace('out ', '出 ').replace('mid', '中');
}
