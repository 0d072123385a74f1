/** `import names from 'd3?members'`: what a package exports, as a list of names. Completion offers them without the package. */
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const MARK = '?members';

/** The names that an installed package exports, in alphabetical order. */
export async function membersOf(name: string): Promise<string[]> {
  return Object.keys((await import(/* @vite-ignore */ name)) as object)
    .filter((member) => member !== 'default')
    .sort();
}

export function members(): Plugin {
  /** Packages by the ids of their lists, which lie beside who asks: a list is the site's own, not its package's. */
  const packages = new Map<string, string>();
  return {
    name: 'patchwork:members',
    enforce: 'pre',
    resolveId(source, importer) {
      if (!source.endsWith(MARK) || !importer) return null;
      const id = join(dirname(importer), source);
      packages.set(id, source.slice(0, -MARK.length));
      return id;
    },
    async load(id) {
      const name = packages.get(id);
      return name === undefined ? null : `export default ${JSON.stringify(await membersOf(name))};`;
    },
  };
}
