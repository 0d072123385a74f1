/**
 * The typefaces of formulas, cut like those of the text: each to the signs that the lessons' formulas are set in, and to
 * no hints for coarse screens. A formula with any other sign fetches the package's whole file beside it.
 */

/** @typedef {{ file: string, core: string, signs: string }} FormulaFace the package's file, its core, what that has */

const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
/** Brackets that grow, and the sums and products between them. */
const LARGE = '()[]{}∑∏';

/** @type {readonly FormulaFace[]} */
export const FORMULA_FACES = [
  {
    file: 'KaTeX_Main-Regular',
    core: 'katex-main-core.woff2',
    signs: `${DIGITS}${LOWER}ABCDEFGILMNPSTUVΦ ()[]{}+,./:;=^|~\u00a0×ˉ\u200b…′ℓ←→⇒∅∇∈−√∣∥≈≤⊙⊤⋅⋯\ue020`,
  },
  {
    file: 'KaTeX_Math-Italic',
    core: 'katex-math-core.woff2',
    signs: `${LOWER}ACDHIKLMNPQRTVWXαβγεηθμπστϕ`,
  },
  { file: 'KaTeX_Size1-Regular', core: 'katex-size1-core.woff2', signs: LARGE },
  { file: 'KaTeX_Size2-Regular', core: 'katex-size2-core.woff2', signs: LARGE },
  { file: 'KaTeX_Size3-Regular', core: 'katex-size3-core.woff2', signs: '()[]{}' },
  { file: 'KaTeX_AMS-Regular', core: 'katex-ams-core.woff2', signs: 'ENR∅' },
  { file: 'KaTeX_Caligraphic-Regular', core: 'katex-caligraphic-core.woff2', signs: 'LN' },
];

/** Code points as a `unicode-range` has them. @param {Iterable<number>} codes @returns {string} */
export function rangeOf(codes) {
  /** @type {[number, number][]} */
  const stretches = [];
  for (const code of [...new Set(codes)].sort((a, b) => a - b)) {
    const last = stretches.at(-1);
    if (last && last[1] === code - 1) last[1] = code;
    else stretches.push([code, code]);
  }
  const hex = (/** @type {number} */ code) => code.toString(16).toUpperCase();
  return stretches.map(([a, b]) => `U+${hex(a)}${a === b ? '' : `-${hex(b)}`}`).join(',');
}

const LAST_CODE = 0x10ffff;

/** Every code point but these, as a `unicode-range`. @param {Iterable<number>} codes @returns {string} */
export function rangeWithout(codes) {
  const inside = [...new Set(codes)].sort((a, b) => a - b);
  const edges = [-1, ...inside, LAST_CODE + 1];
  return edges
    .slice(1)
    .map((code, i) => ({ a: (edges[i] ?? 0) + 1, b: code - 1 }))
    .filter(({ a, b }) => a <= b)
    .map(({ a, b }) => `U+${a.toString(16).toUpperCase()}-${b.toString(16).toUpperCase()}`)
    .join(',');
}

/**
 * KaTeX's style sheet with its faces cut in two: the core for its own signs, the whole file for all others. Files of
 * older formats go: a browser that runs these pages reads woff2.
 * @param {string} css katex.min.css @param {string} folder where the cores lie, as an address ending with /
 */
export function withCores(css, folder) {
  return css.replace(/@font-face\{[^}]*\}/g, (rule) => {
    const [, url, name] = /url\(([^)]*\/([^/)]+)\.woff2)\)/.exec(rule) ?? [];
    if (!url || !name) throw new Error(`KaTeX declares a face without a woff2 file: ${rule}`);
    const faceOf = (/** @type {string} */ at, /** @type {string} */ range) =>
      rule.replace(/src:[^}]*/, `src:url(${at}) format("woff2")${range && `;unicode-range:${range}`}`);
    const face = FORMULA_FACES.find(({ file }) => file === name);
    if (!face) return faceOf(url, '');
    const codes = [...face.signs].map((sign) => sign.codePointAt(0) ?? 0);
    return faceOf(folder + face.core, rangeOf(codes)) + faceOf(url, rangeWithout(codes));
  });
}
