/**
 * An adapter around the site's: afterwards each page links the styles and scripts that it begins with, so that they are
 * asked for at once and not one after the other, each when the one before has been read. One route shows every lesson:
 * SvelteKit knows what all of them may need, and not what one begins with. A lesson's page links the files of its own
 * lesson alone; another's come when it is opened.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** @typedef {{ file: string, name?: string, css?: string[], imports?: string[] }} Chunk */
/** @typedef {Record<string, Chunk>} Manifest entries by their source, as Vite writes them */

/**
 * Chunks of some entries and of all they import statically.
 * @param {Manifest} manifest @param {string[]} entries @returns {Chunk[]}
 */
function chunksOf(manifest, entries) {
  /** @type {Map<string, Chunk>} */
  const seen = new Map();
  const visit = (/** @type {string} */ key) => {
    const chunk = manifest[key];
    if (!chunk || seen.has(key)) return;
    seen.set(key, chunk);
    chunk.imports?.forEach(visit);
  };
  entries.forEach(visit);
  return [...seen.values()];
}

/**
 * The style sheets of some entries and of all they import statically.
 * @param {Manifest} manifest @param {string[]} entries @returns {Set<string>}
 */
export const stylesOf = (manifest, entries) =>
  new Set(chunksOf(manifest, entries).flatMap(({ css = [] }) => css));

/**
 * The scripts of some entries and of all they import statically.
 * @param {Manifest} manifest @param {string[]} entries @returns {Set<string>}
 */
export const scriptsOf = (manifest, entries) => new Set(chunksOf(manifest, entries).map(({ file }) => file));

/** Whether a chunk is one that plugins/chunks.ts made for this lesson. @param {Chunk | undefined} chunk @param {string} slug */
const madeFor = (chunk, slug) => [`lesson-${slug}`, `declared-${slug}`].includes(chunk?.name ?? '');

/**
 * What a lesson begins with in one language: what it declares, its page with the opening view, its prose and terms.
 * @param {Manifest} manifest @param {string} slug @param {string} lang
 */
export const beginningOf = (manifest, slug, lang) =>
  Object.keys(manifest).filter(
    (key) =>
      madeFor(manifest[key], slug) ||
      [`${lang}.md`, 'glossary.ts', 'page.ts', 'lesson.ts'].some((file) => key === `lessons/${slug}/${file}`),
  );

/**
 * The style sheets that come when they are needed: those of other lessons, and of what is fetched once it is opened.
 * @param {Manifest} manifest @param {readonly string[]} first the entries that a page begins with
 */
export function lateStyles(manifest, first) {
  const site = Object.keys(manifest).filter((key) => key.includes('/generated/client-optimized/'));
  const kept = stylesOf(manifest, [...first, ...site]);
  return new Set([...stylesOf(manifest, Object.keys(manifest))].filter((file) => !kept.has(file)));
}

/** A page without its links to these style sheets. @param {string} html @param {Set<string>} files */
export function withoutStyles(html, files) {
  return html.replace(/[ \t]*<link href="([^"]*)" rel="stylesheet">\n?/g, (link, href) =>
    [...files].some((file) => href.endsWith(`/${file}`)) ? '' : link,
  );
}

/**
 * A page that links these files as well, after the links of the same kind; those it has already stay as they are.
 * @param {string} html @param {Iterable<string>} files @param {'stylesheet' | 'modulepreload'} rel
 */
export function withLinks(html, files, rel) {
  const links = [...html.matchAll(new RegExp(`([ \\t]*)<link href="([^"]*)" rel="${rel}">\\n?`, 'g'))];
  const last = links.at(-1);
  if (!last) return html;
  const [text, indent = '', href = ''] = last;
  const root = href.slice(0, href.indexOf('_app/'));
  const there = new Set(links.map((link) => link[2]));
  const more = [...files]
    .map((file) => root + file)
    .filter((address) => !there.has(address))
    .map((address) => `${indent}<link href="${address}" rel="${rel}">\n`);
  const end = last.index + text.length;
  return html.slice(0, end) + more.join('') + html.slice(end);
}

/**
 * The entries that a page names already, of which SvelteKit may have passed over what they import.
 * @param {Manifest} manifest @param {string} html
 */
export const entriesIn = (manifest, html) =>
  Object.keys(manifest).filter((key) => html.includes(`/${manifest[key]?.file}" rel="modulepreload">`));

/**
 * A page with links to all that it begins with; a lesson's, to no other style sheet.
 * @param {Manifest} manifest @param {string} html
 * @param {{ lang: string, slug: string } | undefined} lesson which of which, if it is one's
 */
export function withOwnFiles(manifest, html, lesson) {
  const { slug = '', lang = '' } = lesson ?? {};
  const first = [...entriesIn(manifest, html), ...(lesson ? beginningOf(manifest, slug, lang) : [])];
  const own = lesson ? withoutStyles(html, lateStyles(manifest, first)) : html;
  const styled = withLinks(own, stylesOf(manifest, first), 'stylesheet');
  return withLinks(styled, scriptsOf(manifest, first), 'modulepreload');
}

/** @param {import('@sveltejs/kit').Adapter} adapter one that writes pages into `out` @returns {import('@sveltejs/kit').Adapter} */
export function ownFiles(adapter, out = 'build') {
  return {
    ...adapter,
    async adapt(builder) {
      await adapter.adapt(builder);
      /** @type {Manifest} */
      const manifest = JSON.parse(
        readFileSync(join(builder.getClientDirectory(), '.vite', 'manifest.json'), 'utf8'),
      );
      const slugs = readdirSync('lessons');
      for (const path of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
        if (!path.endsWith('.html')) continue;
        const page = join(out, path);
        const [lang = '', slug = ''] = path.split(sep);
        const lesson = slugs.includes(slug) ? { lang, slug } : undefined;
        writeFileSync(page, withOwnFiles(manifest, readFileSync(page, 'utf8'), lesson));
      }
    },
  };
}
