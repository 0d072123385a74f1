// Sends the files of a folder as a good static host does: ranges, entity tags, and what was compressed at build.
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { extname, join, resolve, sep } from 'node:path';
import { ENCODINGS } from '../../plugins/encodings.js';

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */
/** @typedef {{ path: string, size: number, time: Date, encoding?: string }} Stored a file, or a compressed form of it */

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** The media type of a file by the end of its name. @param {string} path */
export const typeOf = (path) => TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream';

/** @param {string} path @returns {Stored | undefined} the file there, if it is one */
function stored(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() ? { path, size: stat.size, time: stat.mtime } : undefined;
}

/**
 * The encodings a request accepts, of those the build makes, the best first.
 * RFC 9110, section 12.5.3: a name or `*`, with `q=0` refused.
 * @param {string} accepts the header Accept-Encoding
 */
export function acceptedEncodings(accepts) {
  /** @type {Map<string, number>} */
  const weights = new Map();
  for (const item of accepts.toLowerCase().split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    if (name) weights.set(name, q === undefined ? 1 : Number(q.slice(2)) || 0);
  }
  return ENCODINGS.filter(({ name }) => (weights.get(name) ?? weights.get('*') ?? 0) > 0);
}

/**
 * A range of bytes, both ends included. RFC 9110, section 14.1.2.
 * @param {string | undefined} header `bytes=0-9`, `bytes=10-`, `bytes=-5`; several ranges at once are not made use of
 * @param {number} size of the whole file
 * @returns {{ start: number, end: number } | 'none' | undefined} 'none' where the file has no such bytes
 */
export function rangeOf(header, size) {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  const [, first = '', last = ''] = found ?? [];
  if (!found || (!first && !last) || (first && last && Number(last) < Number(first))) return undefined;
  const start = first ? Number(first) : Math.max(0, size - Number(last));
  const end = first && last ? Math.min(Number(last), size - 1) : size - 1;
  return start > end ? 'none' : { start, end };
}

/** Whether a list of entity tags (If-None-Match) names this one; weakness does not count there. @param {string} list @param {string} tag */
const listed = (list, tag) =>
  list.trim() === '*' || list.split(',').some((item) => item.trim().replace(/^W\//, '') === tag);

/** Strong entity tags: of each file's bytes as they are sent, read once for each version of it. */
class Tags {
  /** @type {Map<string, { key: string, tag: Promise<string> }>} */
  #known = new Map();

  /** @param {Stored} file @returns {Promise<string>} */
  of({ path, size, time }) {
    const key = `${size} ${time.getTime()}`;
    const known = this.#known.get(path);
    if (known?.key === key) return known.tag;
    const tag = hashOf(path).then((hash) => `"${hash.slice(0, 32)}"`);
    tag.catch(() => this.#known.delete(path));
    this.#known.set(path, { key, tag });
    return tag;
  }
}

/** @param {string} path @returns {Promise<string>} */
function hashOf(path) {
  return new Promise((done, fail) => {
    const hash = createHash('sha256');
    createReadStream(path)
      .on('data', (bytes) => hash.update(bytes))
      .on('error', fail)
      .on('end', () => done(hash.digest('hex')));
  });
}

/**
 * Answers GET and HEAD for the files of a folder. `/name` also finds `name.html` and `name/index.html`.
 * A file that lies there compressed too (`name.br`, `name.gz`) is sent so to whoever accepts it, each form with its own
 * entity tag. A part of a file is always a part of the file itself: its bytes are counted as they are on disk.
 *
 * @param {string} dir
 * @param {(path: string) => Record<string, string>} headersFor more headers for a path of the site
 * @returns {(path: string, request: Request, response: Response, missing: () => void) => Promise<void>}
 *   `path` begins with a slash and is still encoded for an address
 */
export function fileHandler(dir, headersFor = () => ({})) {
  const root = resolve(dir);
  const tags = new Tags();

  /** @param {string} path */
  const find = (path) => {
    let name;
    try {
      name = decodeURIComponent(path);
    } catch {
      return undefined;
    }
    const at = join(root, name);
    // Nothing above the folder, nothing hidden, and no compressed form by its own name.
    if (name.includes('\0') || !`${at}${sep}`.startsWith(root + sep) || /[/\\]\./.test(name))
      return undefined;
    if (name.endsWith('/')) return stored(join(at, 'index.html'));
    return stored(at) ?? stored(`${at}.html`) ?? stored(join(at, 'index.html'));
  };

  return async (path, request, response, missing) => {
    const file = find(path);
    if (!file) return missing();
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return void response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    const forms = ENCODINGS.flatMap(({ name, end }) => {
      const form = stored(file.path + end);
      return form ? [{ ...form, encoding: name }] : [];
    });
    const accepted = acceptedEncodings(String(request.headers['accept-encoding'] ?? ''));
    const form = request.headers.range
      ? undefined
      : accepted.flatMap(({ name }) => forms.find((one) => one.encoding === name) ?? [])[0];
    const sent = form ?? file;
    const tag = await tags.of(sent);
    /** @type {Record<string, string | number>} */
    const headers = {
      'Content-Type': typeOf(file.path),
      'Last-Modified': file.time.toUTCString(),
      'Accept-Ranges': 'bytes',
      ETag: tag,
      ...(forms.length > 0 && { Vary: 'Accept-Encoding' }),
      ...headersFor(path),
    };
    const known = request.headers['if-none-match'];
    if (known !== undefined && listed(known, tag)) return void response.writeHead(304, headers).end();
    if (form) headers['Content-Encoding'] = form.encoding;
    const condition = request.headers['if-range'];
    const valid = condition === undefined || condition === tag || condition === headers['Last-Modified'];
    const range = valid ? rangeOf(request.headers.range, sent.size) : undefined;
    if (range === 'none') {
      const refusal = { 'Content-Range': `bytes */${sent.size}`, 'Content-Length': 0 };
      return void response.writeHead(416, refusal).end();
    }
    const { start, end } = range ?? { start: 0, end: sent.size - 1 };
    headers['Content-Length'] = end - start + 1;
    if (range) headers['Content-Range'] = `bytes ${start}-${end}/${sent.size}`;
    response.writeHead(range ? 206 : 200, headers);
    if (request.method === 'HEAD' || sent.size === 0) return void response.end();
    const bytes = createReadStream(sent.path, { start, end });
    response.on('close', () => bytes.destroy());
    bytes.on('error', () => response.destroy()).pipe(response);
  };
}
