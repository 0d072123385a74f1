import { uvitSizes, type UViTConfig } from '#lib/models/uvit/config.ts';

/** What a token of the sequence stands for. */
export type TokenPart = 'style' | 'time' | 'text' | 'patch';

/** Where the tokens of a U-ViT that is told texts lie: style (if any), time, text, patches. */
export interface Sequence {
  /** Tokens in all, T. */
  readonly tokens: number;
  /** Index of the style's token; undefined for a network without. */
  readonly style: number | undefined;
  readonly time: number;
  /** First text token, and how many there are, L. */
  readonly text: number;
  readonly words: number;
  /** First patch, and patches a side. */
  readonly patches: number;
  readonly grid: number;
}

/** The order of `token_cat` in src/lib/models/uvit/graph.ts: label, time, text, patches. */
export function sequenceOf(config: UViTConfig): Sequence {
  const { tokens, extras, grid } = uvitSizes(config);
  const words = config.contextTokens ?? 0;
  const style = config.classes > 0 ? 0 : undefined;
  const time = style === undefined ? 0 : 1;
  return { tokens, style, time, text: time + 1, words, patches: extras, grid };
}

/** What the token at `index` stands for, and the how many-th of its kind it is. @throws RangeError outside 0 … T − 1 */
export function tokenAt(of: Sequence, index: number): { readonly part: TokenPart; readonly at: number } {
  if (!Number.isInteger(index) || index < 0 || index >= of.tokens)
    throw new RangeError(`The sequence has ${of.tokens} tokens and none with the index ${index}.`);
  if (index >= of.patches) return { part: 'patch', at: index - of.patches };
  if (index >= of.text) return { part: 'text', at: index - of.text };
  return { part: index === of.time ? 'time' : 'style', at: 0 };
}
