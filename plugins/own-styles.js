/**
 * An adapter around the site's: SvelteKit links the styles of everything a route may load, and one route shows every
 * lesson, so each lesson's page would carry the styles of all. Afterwards a page links those of its own lesson alone;
 * another lesson's come with its scripts when it is opened.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ file: string, css?: string[], imports?: string[] }} Chunk */
/** @typedef {Record<string, Chunk>} Manifest entries by their source, as Vite writes them */

/**
 * The style sheets of some entries and of all they import statically.
 * @param {Manifest} manifest @param {string[]} entries @returns {Set<string>}
 */
export function stylesOf(manifest, entries) {
  /** @type {Set<string>} */
  const seen = new Set();
  /** @type {Set<string>} */
  const styles = new Set();
  const visit = (/** @type {string} */ key) => {
    if (seen.has(key)) return;
    seen.add(key);
    for (const file of manifest[key]?.css ?? []) styles.add(file);
    manifest[key]?.imports?.forEach(visit);
  };
  entries.forEach(visit);
  return styles;
}

/**
 * The style sheets that only lessons other than this one have.
 * @param {Manifest} manifest @param {string} slug a folder of lessons/
 */
export function foreignStyles(manifest, slug) {
  const keys = Object.keys(manifest);
  const ofLessons = keys.filter((key) => key.startsWith('lessons/'));
  const own = ofLessons.filter((key) => key.startsWith(`lessons/${slug}/`));
  const site = keys.filter((key) => key.includes('/generated/client-optimized/'));
  const kept = stylesOf(manifest, [...own, ...site]);
  return new Set([...stylesOf(manifest, ofLessons)].filter((file) => !kept.has(file)));
}

/** A page without its links to these style sheets. @param {string} html @param {Set<string>} files */
export function withoutStyles(html, files) {
  return html.replace(/[ \t]*<link href="([^"]*)" rel="stylesheet">\n?/g, (link, href) =>
    [...files].some((file) => href.endsWith(`/${file}`)) ? '' : link,
  );
}

/** @param {import('@sveltejs/kit').Adapter} adapter one that writes pages into `out` @returns {import('@sveltejs/kit').Adapter} */
export function ownStyles(adapter, out = 'build') {
  return {
    ...adapter,
    async adapt(builder) {
      await adapter.adapt(builder);
      /** @type {Manifest} */
      const manifest = JSON.parse(
        readFileSync(join(builder.getClientDirectory(), '.vite', 'manifest.json'), 'utf8'),
      );
      for (const lang of readdirSync(out))
        for (const slug of readdirSync('lessons')) {
          const page = join(out, lang, slug, 'index.html');
          if (!existsSync(page)) continue;
          const html = readFileSync(page, 'utf8');
          writeFileSync(page, withoutStyles(html, foreignStyles(manifest, slug)));
        }
    },
  };
}
