/**
 * An adapter around the site's: beside each file that becomes smaller so, the built site holds its compressed forms
 * (`name.br`, `name.gz`), which our servers and many static hosts send in its stead. WebAssembly and weights are large:
 * what was compressed once is kept by its content, outside the build.
 */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { ENCODINGS } from './encodings.js';

/** Where compressed forms are kept between builds. */
const KEPT = join('node_modules', '.cache', 'precompressed');
/** Files smaller than this travel in one packet anyway, bytes. */
const SMALLEST = 1024;
/** A form is kept where it saves at least this share of the file. */
const WORTH = 0.03;
/** Days after which a kept form that no build asked for is thrown away. */
const DAYS = 14;

/** Words for people and browsers: small and asked for first, so worth the slowest setting. */
const TEXT = ['.css', '.html', '.js', '.json', '.md', '.mjs', '.svg', '.txt', '.webmanifest'];

/**
 * How hard a file is pressed; undefined for what is compressed by its own format. Brotli's best setting takes 25 seconds
 * for the 14 MB of one runtime and saves a tenth against quality 9, which takes four. Weights have no words that come
 * again, only values that are more frequent than others: what there is to save, a low quality saves.
 * @param {string} path @param {number} bytes @returns {{ brotli: number, gzip: number } | undefined}
 */
export function effort(path, bytes) {
  const end = extname(path);
  if (bytes < SMALLEST) return undefined;
  if (end === '.wasm') return bytes > 2 ** 20 ? { brotli: 9, gzip: 6 } : { brotli: 11, gzip: 9 };
  if (end === '.safetensors') return { brotli: 5, gzip: 6 };
  return TEXT.includes(end) ? { brotli: 11, gzip: 9 } : undefined;
}

/** @type {Readonly<Record<string, (bytes: Buffer, quality: number, text: boolean) => Promise<Buffer>>>} */
const COMPRESS = {
  br: (bytes, quality, text) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_MODE]: text ? constants.BROTLI_MODE_TEXT : constants.BROTLI_MODE_GENERIC,
        [constants.BROTLI_PARAM_QUALITY]: quality,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        // As far back as every browser's decoder reaches: 16 MB.
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      },
    }),
  gzip: (bytes, level) => promisify(gzip)(bytes, { level }),
};

/** Writes the compressed forms of one file beside it. @param {string} path @param {string} kept */
async function compressFile(path, kept) {
  const { size } = await stat(path);
  const how = effort(path, size);
  if (!how) return;
  const bytes = await readFile(path);
  const hash = createHash('sha256').update(bytes).digest('hex');
  for (const { name, end } of ENCODINGS) {
    const quality = name === 'br' ? how.brotli : how.gzip;
    const known = join(kept, `${hash}-${quality}${end}`);
    const age = await stat(known).catch(() => undefined);
    if (age) await utimes(known, new Date(), new Date());
    else {
      const form = await /** @type {NonNullable<(typeof COMPRESS)[string]>} */ (COMPRESS[name])(
        bytes,
        quality,
        TEXT.includes(extname(path)),
      );
      // Under another name first: a build that is broken off leaves no half of a file.
      await writeFile(`${known}.${process.pid}`, form);
      await rename(`${known}.${process.pid}`, known);
    }
    if ((await stat(known)).size <= size * (1 - WORTH)) await copyFile(known, path + end);
  }
}

/**
 * Compresses every file of a folder for which it is worth it.
 * @param {string} dir the built site @param {string} [kept] where forms are kept between builds
 */
export async function precompress(dir, kept = KEPT) {
  await mkdir(kept, { recursive: true });
  const compressed = new Set(ENCODINGS.map(({ end }) => end));
  const files = await readdir(dir, { recursive: true, withFileTypes: true });
  const paths = files
    .filter((file) => file.isFile() && !compressed.has(extname(file.name)))
    .map((file) => join(file.parentPath, file.name));
  const sizes = new Map(
    await Promise.all(paths.map(async (path) => /** @type {const} */ ([path, (await stat(path)).size]))),
  );
  // The largest first, so that no core is left alone with one of them at the end.
  paths.sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0));
  const worker = async () => {
    for (let path = paths.shift(); path; path = paths.shift()) await compressFile(path, kept);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  await forget(kept);
}

/** Throws away what no build has asked for in a while. @param {string} kept */
async function forget(kept) {
  const before = Date.now() - DAYS * 86_400_000;
  for (const name of await readdir(kept)) {
    const at = join(kept, name);
    const age = await stat(at).catch(() => undefined);
    if (age && age.mtimeMs < before) await rm(at, { force: true });
  }
}

/** @param {import('@sveltejs/kit').Adapter} adapter one that writes the site into `out` @returns {import('@sveltejs/kit').Adapter} */
export function precompressed(adapter, out = 'build') {
  return {
    ...adapter,
    async adapt(builder) {
      await adapter.adapt(builder);
      await precompress(out);
    },
  };
}
