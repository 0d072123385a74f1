import type { Lang } from '#lib/base/lang.ts';
import type { AttentionViewModel } from './view-model.svelte.ts';

/** A token in words: `CLS`, `row 5, column 6`. */
export function tokenName(vm: AttentionViewModel, token: number, lang: Lang): string {
  const { grid, prefix } = vm.place;
  if (token < prefix) return 'CLS';
  const [row, col] = [Math.floor((token - prefix) / grid), (token - prefix) % grid];
  return lang === 'zh' ? `第 ${row} 行第 ${col} 列` : `row ${row}, column ${col}`;
}
