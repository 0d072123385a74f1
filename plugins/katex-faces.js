import { withCores } from '../scripts/fonts/katex.js';

/** Gives KaTeX's style sheet the cores of its faces, which lie in src/app/fonts. @returns {import('vite').Plugin} */
export function katexFaces() {
  return {
    name: 'patchwork:katex-faces',
    enforce: 'pre',
    transform(code, id) {
      return /\/katex\/dist\/katex(\.min)?\.css($|\?)/.test(id)
        ? { code: withCores(code, '/src/app/fonts/'), map: null }
        : undefined;
    },
  };
}
