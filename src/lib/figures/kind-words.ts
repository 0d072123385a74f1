/** The colour of the one with this index among several: `kind-1` … `kind-6` of tokens.css, then from the first again. */
export const kindAt = (index: number): string => `kind-${(index % 6) + 1}`;

/**
 * The colour of words that name what is drawn in a colour of tokens.css such as `kind-1`: nearer to ink, so that it has a
 * contrast of 4.5 and more on paper and panel, in light and dark.
 */
export const wordsIn = (kind: string): string => `color-mix(in srgb, var(--${kind}) 55%, var(--ink))`;
