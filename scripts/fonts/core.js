import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * @typedef {object} SubsetOptions
 * @property {'woff2'} targetFormat
 * @property {string[]} keepFeatures OpenType features, the others go
 * @property {Record<string, { min: number, max: number, default: number }>} variationAxes
 * @property {number[]} preserveNameIds entries of the name table that stay
 */
/** @type {(font: Buffer, text: string, options: SubsetOptions) => Promise<Buffer>} */
const subset = createRequire(import.meta.url)('subset-font');

/** Where the made files lie. */
export const OUT = 'src/app/fonts';
const PACKAGES = join('node_modules', '@fontsource-variable');

/** The three faces: the package's file of the latin characters, and what its core is called. */
export const FACES = [
  { core: 'inter-core.woff2', latin: 'inter/files/inter-latin-wght-normal.woff2' },
  { core: 'source-serif-4-core.woff2', latin: 'source-serif-4/files/source-serif-4-latin-wght-normal.woff2' },
  { core: 'jetbrains-mono-core.woff2', latin: 'jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2' },
];

/** The characters of a core: ASCII, the typographic marks of the prose, and the letters of cited names. */
export const CORE = [
  ...Array.from({ length: 0x7f - 0x20 }, (_, i) => String.fromCodePoint(0x20 + i)),
  ...'\u00a0§°±²³·¹½×áéñö÷–—‘’“”…←→↓−',
].join('');

/** The weights the styles use; a lighter or a bolder one is drawn as the nearest of these. */
const WEIGHTS = { min: 400, max: 700 };

/** Kerning, ligatures, accents and figures of one width; no style asks for another feature. */
const FEATURES = ['kern', 'liga', 'calt', 'ccmp', 'locl', 'mark', 'mkmk', 'rlig', 'tnum'];
/** The copyright notice and the licence with its address stay in the file. */
const NAMES = [0, 13, 14];

/** Cuts a face to its core. @param {{ latin: string }} face @returns {Promise<Buffer>} a woff2 file */
export function coreOf(face) {
  return subset(readFileSync(join(PACKAGES, face.latin)), CORE, {
    targetFormat: 'woff2',
    keepFeatures: FEATURES,
    variationAxes: { wght: { ...WEIGHTS, default: 400 } },
    preserveNameIds: NAMES,
  });
}
