/**
 * Preprocessors for the prose of lessons. One ties a term, a citation or a formula in the line to the punctuation after
 * it: a browser may break the line behind a button or a formula even where a full stop follows. Another keeps the
 * backslashes of a formula from Markdown, which in the line takes the first of two for an escape.
 */

/** What no line may begin with. */
const CLOSING = '[.,;:!?)\\]”’…。，、；：！？）》”’]+';
const WORD =
  '<Cite\\s[^>]*/>|<(?:Term|Setting)\\s[^>]*>[^<]*</(?:Term|Setting)>|<Formula\\s[^>]*display=\\{false\\}[^>]*/>';
const TIED = new RegExp(`(?:${WORD})${CLOSING}`, 'g');

/**
 * The text with every such pair in a span that does not wrap.
 * @param {string} text Markdown with components
 */
export function glue(text) {
  return text.replace(TIED, (pair) => `<span class="glued">${pair}</span>`);
}

/**
 * The text with the backslashes in formulas written so that Markdown leaves them alone.
 * @param {string} text Markdown with components
 */
export function keepBackslashes(text) {
  return text.replace(/<Formula\s[^>]*\/>/g, (formula) => formula.replaceAll('\\\\', '\\x5c'));
}

/** @returns {import('svelte/compiler').PreprocessorGroup} */
export function gluedPunctuation() {
  return {
    name: 'patchwork:glued-punctuation',
    markup: ({ content, filename }) =>
      filename?.endsWith('.md') ? { code: keepBackslashes(glue(content)) } : undefined,
  };
}
