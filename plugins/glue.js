/**
 * Preprocessors for the prose of lessons. One ties a term, a citation or a formula in the line to the punctuation after
 * it: a browser may break the line behind a button or a formula even where a full stop follows. Another keeps the
 * backslashes of a formula from Markdown, which in the line takes the first of two for an escape. A third keeps a
 * paragraph one that begins with such a word, which Markdown takes for a block of HTML.
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

/** Where a paragraph begins with a component that stands in the line. */
const BEGINNING = new RegExp(`(^|\\n\\n)(?=${WORD}|<(?:Num|Shape)\\s[^>]*/>|<span class="glued">)`, 'g');

/**
 * The text with an empty expression before every paragraph that begins with a component, so that it is one.
 * @param {string} text Markdown with components
 */
export function keepParagraphs(text) {
  return text.replace(BEGINNING, "$1{''}");
}

/** @returns {import('svelte/compiler').PreprocessorGroup} */
export function gluedPunctuation() {
  return {
    name: 'patchwork:glued-punctuation',
    markup: ({ content, filename }) =>
      filename?.endsWith('.md') ? { code: keepParagraphs(keepBackslashes(glue(content))) } : undefined,
  };
}
