import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { FORMULA_FACES } from './katex.js';

/**
 * @typedef {object} SubsetOptions
 * @property {'woff2'} targetFormat
 * @property {string[]} keepFeatures OpenType features, the others go
 * @property {Record<string, { min: number, max: number, default: number }>} [variationAxes]
 * @property {number[]} preserveNameIds entries of the name table that stay
 * @property {boolean} [noHinting]
 */
/** @type {(font: Buffer, text: string, options: SubsetOptions) => Promise<Buffer>} */
const subset = createRequire(import.meta.url)('subset-font');

/** Where the made files lie. */
export const OUT = 'src/app/fonts';
const PACKAGES = join('node_modules', '@fontsource-variable');

/** The characters of a core: ASCII, the typographic marks of the prose, and the letters of cited names. */
export const CORE = [
  ...Array.from({ length: 0x7f - 0x20 }, (_, i) => String.fromCodePoint(0x20 + i)),
  ...'\u00a0§°±²³·¹½×áéñö÷–—‘’“”…←→↓−',
].join('');
/** The Greek letters that lessons write outside their formulas. */
const GREEK = 'αβγδεηθλμστφωΔΣΦ';

/** A script of a package's face: `latin` is which file of the package, `signs` what its core has. */
const cut = (
  /** @type {string} */ face,
  /** @type {string} */ script,
  /** @type {string} */ signs,
  core = `${face}-${script}`,
) => ({
  core: `${core}-core.woff2`,
  from: `${face}/files/${face}-${script}-wght-normal.woff2`,
  script,
  signs,
});

/** The faces of the text: the package's file of each script, its core's name and signs. */
export const FACES = ['inter', 'source-serif-4', 'jetbrains-mono'].flatMap((face) => [
  cut(face, 'latin', CORE, face),
  cut(face, 'greek', GREEK),
]);
/** ᾱ, which only Inter has. */
FACES.push(cut('inter', 'greek-ext', 'ᾱ'));

/** The weights the styles use; a lighter or a bolder one is drawn as the nearest of these. */
const WEIGHTS = { min: 400, max: 700 };

/**
 * Kerning, ligatures, accents and figures of one width; no style asks for another feature. The monospaced face goes
 * without ligatures, which are more than half of it: code stands as it is typed, `!=` in two signs. The sans goes
 * without contextual forms, a fifth of it: they make one arrow of `->` and a × of the x in 3x4, which nobody typed.
 */
const FEATURES = ['kern', 'liga', 'ccmp', 'locl', 'mark', 'mkmk', 'rlig', 'tnum'];
/** The copyright notice and the licence with its address stay in the file. */
const NAMES = [0, 13, 14];

/**
 * Cuts a face to its core.
 * @param {{ from: string, signs: string }} face @returns {Promise<Buffer>} a woff2 file
 */
export function coreOf({ from, signs }) {
  return subset(readFileSync(join(PACKAGES, from)), signs, {
    targetFormat: 'woff2',
    keepFeatures: from.startsWith('jetbrains-mono') ? FEATURES.filter((name) => name !== 'liga') : FEATURES,
    variationAxes: { wght: { ...WEIGHTS, default: 400 } },
    preserveNameIds: NAMES,
  });
}

/** Cuts a face of formulas to its core. @param {{ file: string, signs: string }} face @returns {Promise<Buffer>} */
export function formulaCoreOf({ file, signs }) {
  return subset(readFileSync(join('node_modules/katex/dist/fonts', `${file}.woff2`)), signs, {
    targetFormat: 'woff2',
    keepFeatures: ['kern'],
    preserveNameIds: NAMES,
    noHinting: true,
  });
}

/** Every core: what it is called, and how it is made. @type {readonly { core: string, make: () => Promise<Buffer> }[]} */
export const CORES = [
  ...FACES.map((face) => ({ core: face.core, make: () => coreOf(face) })),
  ...FORMULA_FACES.map((face) => ({ core: face.core, make: () => formulaCoreOf(face) })),
];
