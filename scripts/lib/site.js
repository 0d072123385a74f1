import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { ISOLATION } from '../../plugins/site.ts';
import { fileHandler } from './files.js';

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */

/**
 * Answers requests for the built site, as a good static host does: isolation headers, ranges, entity tags, compressed
 * files, the 404 page with status 404, and the base path.
 *
 * @param {{ dir?: string, base?: string, isolated?: () => boolean }} [options] `base` is '' or '/name'
 * @returns {(request: Request, response: Response) => void}
 */
export function siteHandler({ dir = 'build', base = '', isolated = () => true } = {}) {
  const files = fileHandler(dir, (path) => ({
    'Cache-Control': path.includes('/_app/immutable/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  }));
  const notFound = readFileSync(join(dir, '404.html'));

  return (request, response) => {
    if (isolated()) for (const [name, value] of Object.entries(ISOLATION)) response.setHeader(name, value);
    const [path = '/', query] = (request.url ?? '/').split('?');
    const search = query === undefined ? '' : `?${query}`;
    const missing = () => {
      response.writeHead(404, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache' });
      response.end(request.method === 'HEAD' ? undefined : notFound);
    };
    const redirect = (/** @type {string} */ to) => response.writeHead(308, { Location: to + search }).end();

    if (base && (path === base || path === '/')) return redirect(`${base}/`);
    if (!path.startsWith(`${base}/`)) return missing();
    const inside = path.slice(base.length);
    const at = join(dir, decode(inside));
    // A page lies at `name.html` or at `name/index.html`; its links are relative, so the slash must be the right one.
    if (
      inside.length > 1 &&
      inside.endsWith('/') &&
      !existsSync(join(at, 'index.html')) &&
      existsSync(`${at.slice(0, -1)}.html`)
    )
      return redirect(path.slice(0, -1));
    if (!inside.endsWith('/') && !existsSync(`${at}.html`) && existsSync(join(at, 'index.html')))
      return redirect(`${path}/`);
    files(inside, request, response, missing).catch(() => response.destroy());
  };
}

/** @param {string} path */
function decode(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/**
 * Serves on the port, or on the next free one.
 * @param {(request: Request, response: Response) => void} handler
 * @param {{ port?: number, host?: string }} [options] port 0 lets the system choose
 * @returns {Promise<{ port: number, close: () => Promise<void> }>}
 */
export async function listen(handler, { port = 0, host = '127.0.0.1' } = {}) {
  const server = createServer(handler);
  for (let tried = port; ; tried++) {
    const answer = await new Promise((resolve) => {
      server.once('error', resolve);
      server.listen(tried, host, () => {
        server.off('error', resolve);
        resolve(undefined);
      });
    });
    if (answer === undefined) break;
    if (answer.code !== 'EADDRINUSE' || port === 0 || tried >= port + 50) throw answer;
  }
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
