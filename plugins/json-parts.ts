/**
 * `file.json?part`: a JSON file as a module of its own, of which a page has the parts that are imported from it by this
 * name. A file that another page imports as a whole travels as a whole with every part of it.
 */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const ASKED = /\.json\?part$/;
const MARK = '\0patchwork-part:';
/** What Vite would take for JSON by its ending ends otherwise. */
const END = '.js';

/** The module of a JSON object's text: an export for each of its keys that can name one. */
export function partsOf(text: string): string {
  return Object.entries(JSON.parse(text) as Record<string, unknown>)
    .filter(([key]) => /^[A-Za-z_]\w*$/.test(key) && key !== 'default')
    .map(([key, value], i) => `const part${i} = ${JSON.stringify(value)};\nexport { part${i} as ${key} };\n`)
    .join('');
}

export function jsonParts(): Plugin {
  return {
    name: 'patchwork:json-parts',
    enforce: 'pre',
    async resolveId(source, importer) {
      if (!ASKED.test(source)) return null;
      const found = await this.resolve(source.slice(0, source.indexOf('?')), importer);
      return found && MARK + found.id + END;
    },
    load(id) {
      if (!id.startsWith(MARK)) return null;
      const file = id.slice(MARK.length, -END.length);
      this.addWatchFile(file);
      return partsOf(readFileSync(file, 'utf8'));
    },
  };
}
