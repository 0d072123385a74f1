/**
 * `import code from './main.ts?bundled'`: a module with all that it imports as the text of one script, whose exports are
 * properties of `patchworkBundle`. What runs in the sandbox of cells has no network, so it is handed over as text.
 */
import { build } from 'rolldown';
import type { Plugin } from 'vite';

const MARK = '?bundled';

/** The text of a classic script that holds a module and all it imports. */
export async function bundleOf(file: string): Promise<string> {
  const { output } = await build({
    input: file,
    write: false,
    platform: 'browser',
    output: { format: 'iife', name: 'patchworkBundle', minify: true, exports: 'auto' },
    logLevel: 'silent',
  });
  return output[0].code;
}

/** Modules asked for with `?bundled` give their bundle's text. */
export function bundled(): Plugin {
  const made = new Map<string, Promise<string>>();
  return {
    name: 'patchwork:bundled',
    enforce: 'pre',
    async resolveId(source, importer) {
      if (!source.endsWith(MARK)) return null;
      const found = await this.resolve(source.slice(0, -MARK.length), importer);
      return found && found.id + MARK;
    },
    async load(id) {
      if (!id.endsWith(MARK)) return null;
      const file = id.slice(0, -MARK.length);
      this.addWatchFile(file);
      const text = made.get(file) ?? bundleOf(file);
      made.set(file, text);
      return `export default ${JSON.stringify(await text)};`;
    },
    watchChange() {
      made.clear();
    },
  };
}
