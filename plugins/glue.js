/**
 * A preprocessor for the prose of lessons: ties a term, a citation or a formula in the line to the punctuation after it.
 * A browser may break the line behind a button or a formula even where a full stop follows.
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

/** @returns {import('svelte/compiler').PreprocessorGroup} */
export function gluedPunctuation() {
  return {
    name: 'patchwork:glued-punctuation',
    markup: ({ content, filename }) => (filename?.endsWith('.md') ? { code: glue(content) } : undefined),
  };
}
