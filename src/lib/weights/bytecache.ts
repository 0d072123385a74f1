/** Where downloaded bytes are kept between visits. Keys are paths such as `<sha256>` or `<sha256>/part-3`. */
export interface ByteCache {
  get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Keeps `bytes`. `origin` is the address they came from: entries of the same origin under another hash are dropped. */
  put(key: string, bytes: Uint8Array<ArrayBuffer>, origin: string): Promise<void>;
  delete(key: string): Promise<void>;
}

/** Cache entries need an http address; this one is reserved and never resolves (RFC 2606). */
const BASE = 'https://weights.invalid/';

/**
 * The browser's Cache Storage as a `ByteCache`, or undefined where there is none (plain-http pages, some private
 * windows). A full or refused store is no error: the bytes are then downloaded again at the next visit.
 */
export function browserCache(
  storage: CacheStorage | undefined = globalThis.caches,
  name = 'patchwork-weights-1',
): ByteCache | undefined {
  if (!storage) return undefined;
  const open = (): Promise<Cache> => storage.open(name);
  const anyOrigin = { ignoreSearch: true };
  return {
    async get(key) {
      try {
        const found = await (await open()).match(BASE + key, anyOrigin);
        return found && new Uint8Array(await found.arrayBuffer());
      } catch {
        return undefined;
      }
    },
    async put(key, bytes, origin) {
      try {
        const cache = await open();
        const search = `?from=${encodeURIComponent(origin)}`;
        const hash = key.split('/')[0]!;
        for (const old of await cache.keys()) {
          const url = new URL(old.url);
          if (url.search === search && url.pathname.split('/')[1] !== hash) await cache.delete(old);
        }
        const headers = {
          'content-type': 'application/octet-stream',
          'content-length': String(bytes.length),
        };
        await cache.put(BASE + key + search, new Response(bytes, { headers }));
      } catch {
        // Quota or a closed store: the next visit downloads again.
      }
    },
    async delete(key) {
      try {
        await (await open()).delete(BASE + key, anyOrigin);
      } catch {
        // Nothing to delete from.
      }
    },
  };
}

/** A `ByteCache` in memory, for Node and for tests. */
export class MemoryCache implements ByteCache {
  readonly entries = new Map<string, Uint8Array<ArrayBuffer>>();

  async get(key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.entries.get(key)?.slice();
  }
  async put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.entries.set(key, bytes.slice());
  }
  async delete(key: string): Promise<void> {
    this.entries.delete(key);
  }
}
