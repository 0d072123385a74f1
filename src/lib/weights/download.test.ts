import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Fault, type FaultCode } from '#lib/base/errors.ts';
import { browserCache, MemoryCache } from './bytecache.ts';
import { loadFile, type DownloadProgress, type LoadOptions } from './download.ts';

// A real HTTP server whose behaviour each test sets.
type Handler = (request: IncomingMessage, response: ServerResponse, ask: number) => void;
let handler: Handler;
let requests: { range: string | undefined; ifRange: string | undefined; sent: number }[] = [];
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const record = {
      range: request.headers.range,
      ifRange: request.headers['if-range'] as string | undefined,
      sent: 0,
    };
    requests.push(record);
    const write = response.write.bind(response) as (chunk: Uint8Array) => boolean;
    response.write = ((chunk: Uint8Array) => {
      record.sent += chunk.length;
      return write(chunk);
    }) as typeof response.write;
    handler(request, response, requests.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/models/vit/model.safetensors`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const SIZE = 5 * 1024 * 1024 + 123;
const file = new Uint8Array(SIZE).map((_, i) => (i * 2654435761) >>> 13);
const hash = createHash('sha256').update(file).digest('hex');

let waits: number[] = [];
let progress: DownloadProgress[] = [];
beforeEach(() => {
  requests = [];
  waits = [];
  progress = [];
});

function load(options: Partial<LoadOptions> = {}): Promise<Uint8Array> {
  return loadFile(url, {
    bytes: SIZE,
    sha256: hash,
    cache: null,
    onProgress: (p) => progress.push(p),
    wait: async (ms) => void waits.push(ms),
    ...options,
  });
}

async function faultOf(options: Partial<LoadOptions> = {}): Promise<Fault> {
  const error: unknown = await load(options).then(
    () => 'no error',
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(Fault);
  return error as Fault;
}

/** The file is stored beside what is done with it: waits until exactly these entries are kept. */
const stored = (cache: MemoryCache, keys: readonly string[]) =>
  vi.waitFor(() => expect([...cache.entries.keys()]).toEqual(keys));

/** Serves `body` properly, ranges and all, cutting the connection after `cut` bytes of each answer. */
function serve({ cut = Infinity, etag = '"v1"' as string | null, ranges = true, body = file } = {}): Handler {
  return (request, response) => {
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const start =
      ranges && range && [undefined, etag].includes(request.headers['if-range'] as string)
        ? Number(range[1])
        : 0;
    const head: Record<string, string | number> = {
      'content-type': 'application/octet-stream',
      'content-length': body.length - start,
      ...(etag ? { etag } : {}),
      ...(start ? { 'content-range': `bytes ${start}-${body.length - 1}/${body.length}` } : {}),
    };
    response.writeHead(start ? 206 : 200, head);
    const end = Math.min(body.length, start + cut);
    response.write(body.subarray(start, end));
    // What is not read when a connection is cut may be lost: time enough for a busy machine.
    if (end < body.length) setTimeout(() => response.destroy(), 120);
    else response.end();
  };
}

describe('loadFile', () => {
  it('downloads, checks and counts bytes', async () => {
    handler = serve();
    expect(Buffer.compare(await load(), file)).toBe(0);
    expect(progress[0]).toEqual({ loaded: 0, total: SIZE, fromCache: false });
    expect(progress.at(-1)).toEqual({ loaded: SIZE, total: SIZE, fromCache: false });
    const counts = progress.map((p) => p.loaded);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(requests).toHaveLength(1);
  });

  it('goes on where a broken connection stopped', async () => {
    handler = serve({ cut: 2_000_000 });
    expect(Buffer.compare(await load(), file)).toBe(0);
    expect(requests).toHaveLength(3);
    expect(requests[0]!.range).toBeUndefined();
    expect(requests[1]!.range).toMatch(/^bytes=[1-9]\d+-$/);
    expect(requests[1]!.ifRange).toBe('"v1"');
    expect(waits.every((ms) => ms === 500)).toBe(true);
  });

  describe('from a host that sends it compressed', () => {
    // Values that come again, a few bytes each, so that a part of the compressed bytes is a good part of the file.
    const text = new Uint8Array(SIZE).map((_, i) => ((i >>> 4) * 2654435761) >>> 13);
    const digest = createHash('sha256').update(text).digest('hex');
    const gz = gzipSync(text, { level: 1 });
    const br = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
    const compressed = { sha256: digest };
    /** The whole file compressed, unless a range is asked for: that is one of the file itself, with another tag. */
    const host =
      (encoding: 'br' | 'gzip', cut = Infinity): Handler =>
      (request, response, ask) => {
        if (request.headers.range) return serve({ body: text, etag: '"plain"' })(request, response, ask);
        const body = encoding === 'br' ? br : gz;
        const head = { 'content-encoding': encoding, 'content-length': body.length, etag: '"compressed"' };
        response.writeHead(200, head);
        response.write(body.subarray(0, cut));
        if (cut < body.length) setTimeout(() => response.destroy(), 120);
        else response.end();
      };

    it.each(['br', 'gzip'] as const)(
      '%s: counts the bytes of the file, not those of the line',
      async (encoding) => {
        handler = host(encoding);
        expect(Buffer.compare(await load(compressed), text)).toBe(0);
        expect(progress.at(-1)).toEqual({ loaded: SIZE, total: SIZE, fromCache: false });
        expect(requests[0]!.sent).toBeLessThan(SIZE / 2);
      },
    );

    it('goes on with a range of the file itself where the connection broke', async () => {
      handler = host('gzip', gz.length >> 1);
      expect(Buffer.compare(await load(compressed), text)).toBe(0);
      expect(requests).toHaveLength(2);
      const [, from] = /^bytes=(\d+)-$/.exec(requests[1]!.range ?? '') ?? [];
      expect(Number(from)).toBeGreaterThan(SIZE / 8);
      expect(requests[1]!.ifRange, 'the tag of the compressed form is none of the file').toBeUndefined();
      expect(requests[1]!.sent).toBe(SIZE - Number(from));
    });

    it('does not take a part of the compressed form for a part of the file', async () => {
      handler = (request, response, ask) => {
        if (ask !== 2) return host('gzip', ask === 1 ? gz.length >> 1 : Infinity)(request, response, ask);
        const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0]);
        const head = { 'content-encoding': 'gzip', 'content-range': `bytes ${from}-${SIZE - 1}/${SIZE}` };
        response.writeHead(206, head).end(gz);
      };
      expect(Buffer.compare(await load(compressed), text)).toBe(0);
      expect(requests.map((r) => r.range === undefined)).toEqual([true, false, true]);
    });

    it('a compressed file that is too short or too long is found out', async () => {
      const other = (size: number) => gzipSync(new Uint8Array(size));
      handler = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(other(SIZE + 1));
      expect((await faultOf(compressed)).code).toBe('model-hash');
      handler = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(other(1000));
      expect((await faultOf(compressed)).code).toBe('model-truncated');
    });
  });

  it('begins anew where the host knows no ranges', async () => {
    handler = (request, response, ask) =>
      serve({ ranges: false, cut: ask === 1 ? 1_000_000 : Infinity })(request, response, ask);
    expect(Buffer.compare(await load(), file)).toBe(0);
    expect(requests).toHaveLength(2);
  });

  it('begins anew when the file changed between two attempts', async () => {
    const old = file.slice().reverse();
    handler = (request, response, ask) =>
      serve(ask === 1 ? { body: old, etag: '"old"', cut: 1_000_000 } : { etag: '"new"' })(
        request,
        response,
        ask,
      );
    expect(Buffer.compare(await load(), file)).toBe(0);
    expect(requests).toHaveLength(2);
  });

  it('recovers from 503, from 416 and from a wrong range', async () => {
    handler = (request, response, ask) => {
      if (ask === 1) response.writeHead(503).end();
      else if (ask === 2) serve({ cut: 1_000_000 })(request, response, ask);
      else if (ask === 3) response.writeHead(416).end();
      else if (ask === 4) serve({ cut: 1_000_000 })(request, response, ask);
      else if (ask === 5)
        response.writeHead(206, { 'content-range': `bytes 0-9/${SIZE}` }).end(file.subarray(0, 10));
      else serve()(request, response, ask);
    };
    expect(Buffer.compare(await load(), file)).toBe(0);
    expect(requests).toHaveLength(6);
  });

  it('gives up after bounded, growing waits', async () => {
    handler = (_, response) => response.writeHead(500).end();
    const fault = await faultOf({ retries: 4, online: () => true });
    expect(fault.code).toBe('download-failed');
    expect(fault.details).toMatchObject({
      file: 'model.safetensors',
      loaded: 0,
      total: SIZE,
      reason: 'HTTP 500',
    });
    expect(waits).toEqual([1000, 2000, 4000]);
    expect(requests).toHaveLength(4);
  });

  it('gives up a connection that falls silent', async () => {
    handler = (_, response) => {
      response.writeHead(200, { 'content-length': SIZE });
      response.write(file.subarray(0, 10));
    };
    const fault = await faultOf({ retries: 1, idleMs: 60 });
    expect(fault.details.reason).toBe('no data arrived');
  });

  it('says offline when the machine is', async () => {
    let requests = 0;
    handler = (_, response) => {
      requests++;
      response.destroy();
    };
    expect((await faultOf({ retries: 2, online: () => false })).code).toBe('offline');
    expect(requests, 'attempts while there is no network').toBe(1);
  });

  it.each<[string, FaultCode, Handler]>([
    ['404', 'model-missing', (_, r) => r.writeHead(404).end('no')],
    [
      'a page in its stead',
      'model-missing',
      (_, r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
    ],
    ['403', 'download-failed', (_, r) => r.writeHead(403).end()],
    ['a shorter file', 'model-truncated', (q, r, n) => serve({ body: file.subarray(0, 1000) })(q, r, n)],
    [
      'a shorter file without a length',
      'model-truncated',
      (_, r) => void (r.write(file.subarray(0, 1000)), r.end()),
    ],
    ['a longer file', 'model-hash', (q, r, n) => serve({ body: new Uint8Array(SIZE + 1) })(q, r, n)],
    [
      'a longer file without a length',
      'model-hash',
      (_, r) => void (r.write(new Uint8Array(SIZE + 1)), r.end()),
    ],
    ['other bytes', 'model-hash', (q, r, n) => serve({ body: new Uint8Array(SIZE) })(q, r, n)],
  ])('answers %s with %s', async (_, code, how) => {
    handler = how;
    const fault = await faultOf();
    expect(fault.code).toBe(code);
    expect(fault.details.file).toBe('model.safetensors');
  });

  it('can be cancelled before, during the download and during a wait', async () => {
    handler = (_, response) => {
      response.writeHead(200, { 'content-length': SIZE });
      response.write(file.subarray(0, 1000));
    };
    expect((await faultOf({ signal: AbortSignal.abort() })).code).toBe('cancelled');
    expect(requests).toHaveLength(0);

    const during = new AbortController();
    const loading = faultOf({ signal: during.signal, onProgress: (p) => p.loaded > 0 && during.abort() });
    expect((await loading).code).toBe('cancelled');
    expect(requests).toHaveLength(1);

    handler = (_, response) => response.writeHead(500).end();
    const waiting = new AbortController();
    const wait = async (): Promise<void> => waiting.abort();
    expect((await faultOf({ signal: waiting.signal, wait })).code).toBe('cancelled');
  });
});

describe('the cache', () => {
  it('answers the second visit without a request', async () => {
    handler = serve();
    const cache = new MemoryCache();
    await load({ cache });
    await stored(cache, [hash]);
    progress = [];
    expect(Buffer.compare(await load({ cache }), file)).toBe(0);
    expect(requests).toHaveLength(1);
    expect(progress).toEqual([{ loaded: SIZE, total: SIZE, fromCache: true }]);
  });

  it('does not keep its caller waiting for the store', async () => {
    handler = serve();
    class Slow extends MemoryCache {
      release = () => {};
      override async put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
        if (key === hash) await new Promise<void>((resolve) => (this.release = resolve));
        return super.put(key, bytes);
      }
    }
    const cache = new Slow();
    expect(Buffer.compare(await load({ cache }), file)).toBe(0);
    expect(cache.entries.has(hash)).toBe(false);
    cache.release();
    await stored(cache, [hash]);
  });

  it('does not trust what it holds', async () => {
    handler = serve();
    const cache = new MemoryCache();
    await cache.put(hash, new Uint8Array(SIZE));
    expect(Buffer.compare(await load({ cache }), file)).toBe(0);
    expect(requests).toHaveLength(1);
  });

  it('keeps what arrived, so that the next visit goes on from there', async () => {
    const cache = new MemoryCache();
    handler = serve({ cut: 4_500_000 });
    const first = new AbortController();
    await faultOf({ cache, signal: first.signal, wait: async () => first.abort() });
    expect([...cache.entries.keys()]).toEqual([`${hash}/part-0`, `${hash}/part-1`]);

    progress = [];
    handler = serve();
    expect(Buffer.compare(await load({ cache }), file)).toBe(0);
    expect(progress[0]!.loaded).toBe(4 * 1024 * 1024);
    expect(requests[1]!.range).toBe(`bytes=${4 * 1024 * 1024}-`);
    await stored(cache, [hash]);
  });

  it('drops kept parts that turn out to be of another file', async () => {
    const cache = new MemoryCache();
    await cache.put(`${hash}/part-0`, new Uint8Array(2 * 1024 * 1024));
    handler = serve({ etag: null });
    expect(Buffer.compare(await load({ cache }), file)).toBe(0);
    expect(requests.map((r) => r.range)).toEqual([`bytes=${2 * 1024 * 1024}-`, undefined]);
    await stored(cache, [hash]);
  });
});

describe('browserCache', () => {
  /** As much of Cache Storage as is used, over a Map. */
  function storage(): CacheStorage {
    const held = new Map<string, Response>();
    const cache = {
      match: async (at: string) => [...held].find(([k]) => k.split('?')[0] === at.split('?')[0])?.[1].clone(),
      put: async (at: string, r: Response) => void held.set(at, r),
      keys: async () => [...held.keys()].map((k) => ({ url: k })),
      delete: async (at: string | { url: string }) => {
        const wanted = typeof at === 'string' ? at : at.url;
        return (
          [...held.keys()]
            .filter((k) => k === wanted || k.split('?')[0] === wanted)
            .map((k) => held.delete(k)).length > 0
        );
      },
    };
    return { open: async () => cache } as unknown as CacheStorage;
  }

  it('keeps, finds and deletes bytes, and forgets an older file of the same address', async () => {
    const cache = browserCache(storage())!;
    await cache.put('aa', Uint8Array.of(1, 2), 'https://a/m');
    await cache.put('aa/part-0', Uint8Array.of(1), 'https://a/m');
    await cache.put('cc', Uint8Array.of(9), 'https://a/other');
    expect(await cache.get('aa')).toEqual(Uint8Array.of(1, 2));
    await cache.put('bb', Uint8Array.of(3), 'https://a/m');
    expect(await cache.get('aa')).toBeUndefined();
    expect(await cache.get('aa/part-0')).toBeUndefined();
    expect(await cache.get('bb')).toEqual(Uint8Array.of(3));
    expect(await cache.get('cc')).toEqual(Uint8Array.of(9));
    await cache.delete('bb');
    expect(await cache.get('bb')).toBeUndefined();
  });

  it('is absent or silent where the browser refuses it', async () => {
    expect(browserCache(undefined)).toBeUndefined();
    const refusing = browserCache({
      open: () => Promise.reject(new Error('no')),
    } as unknown as CacheStorage)!;
    await refusing.put('a', Uint8Array.of(1), 'x');
    expect(await refusing.get('a')).toBeUndefined();
  });
});
