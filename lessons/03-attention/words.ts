import type { Lang } from '#lib/base/lang.ts';
import type { AttentionRoom } from './room.svelte.ts';

/** A token in words: `CLS`, `row 5, column 6`. */
export function tokenName(room: AttentionRoom, token: number, lang: Lang): string {
  const { grid, prefix } = room.place;
  if (token < prefix) return 'CLS';
  const [row, col] = [Math.floor((token - prefix) / grid), (token - prefix) % grid];
  return lang === 'zh' ? `第 ${row} 行第 ${col} 列` : `row ${row}, column ${col}`;
}
