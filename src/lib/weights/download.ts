import { Fault } from '#lib/base/errors.ts';
import { browserCache, type ByteCache } from './bytecache.ts';
import { attempt, Interrupted, type Attempt } from './attempt.ts';
import { sha256 } from './sha256.ts';

export interface DownloadProgress {
  /** Bytes here so far and in all. */
  readonly loaded: number;
  readonly total: number;
  /** True when the whole file came from the cache and nothing was downloaded. */
  readonly fromCache: boolean;
}

export interface LoadOptions {
  /** Size and digest the file must have, from the model's config.json. */
  readonly bytes: number;
  readonly sha256: string;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Sees the bytes so far, from the file's beginning, whenever there are more; they are not checked yet. */
  readonly onBytes?: (bytes: Uint8Array) => void;
  readonly signal?: AbortSignal | undefined;
  /** Where bytes are kept between visits; the browser's Cache Storage when not said, null for nowhere. */
  readonly cache?: ByteCache | null | undefined;
  readonly fetch?: typeof globalThis.fetch;
  /** Attempts in a row that may bring nothing new before the download fails. */
  readonly retries?: number;
  /** Milliseconds without a byte after which a connection is given up. */
  readonly idleMs?: number;
  /** Waits between attempts; a test passes one that doesn't. */
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly online?: () => boolean;
}

/** Bytes of an unfinished download kept at a time, so that a page closed half-way goes on from there. */
const PART = 2 * 1024 * 1024;

/**
 * A file, whole and checked. It comes from the cache when it is there (keyed by digest), else by HTTP; an interrupted
 * download goes on where it stopped (`Range`, guarded by `If-Range`), after 0.5, 1, 2 … 8 seconds, or begins anew where
 * the host knows no ranges. What arrived is kept, so that cancelling or closing the page loses at most 2 MB.
 * @param url address of the file
 * @throws Fault `cancelled`, `model-missing` (404, or a page in its stead), `model-truncated` (the host's file is
 *   shorter than `bytes`), `model-hash` (another size or digest), `offline`, `download-failed`
 */
export async function loadFile(url: string, options: LoadOptions): Promise<Uint8Array<ArrayBuffer>> {
  const cache = options.cache === undefined ? browserCache() : (options.cache ?? undefined);
  const key = options.sha256.toLowerCase();
  const report = (loaded: number, fromCache = false): void =>
    options.onProgress?.({ loaded, total: options.bytes, fromCache });
  throwIfCancelled(options.signal);

  const kept = await cache?.get(key);
  if (kept?.length === options.bytes && (await sha256(kept)) === key) {
    throwIfCancelled(options.signal);
    report(kept.length, true);
    return kept;
  }
  if (kept) await cache?.delete(key);

  const job: Attempt = {
    url,
    file: fileName(url),
    buffer: new Uint8Array(options.bytes),
    loaded: 0,
    etag: undefined,
    fresh: false,
    fetch: options.fetch ?? globalThis.fetch.bind(globalThis),
    signal: options.signal,
    idleMs: options.idleMs ?? 30_000,
    onBytes: () => undefined,
  };
  const parts = new Parts(cache, key, url, job);
  await parts.restore();
  job.onBytes = () => {
    report(job.loaded);
    options.onBytes?.(job.buffer.subarray(0, job.loaded));
    parts.save();
  };
  report(job.loaded);
  try {
    await completeAndCheck(job, key, options);
  } catch (error) {
    if (!outdated(error)) throw error;
    await parts.drop();
    Object.assign(job, { loaded: 0, etag: undefined, fresh: true });
    report(0);
    await completeAndCheck(job, key, options).catch(async (again: unknown) => {
      if (outdated(again)) await parts.drop();
      throw again;
    });
  }
  throwIfCancelled(options.signal);
  // Whoever asked need not wait for the store: what it holds of the file until then are the parts.
  void keepWhole(cache, key, job, parts);
  return job.buffer;
}

/** Keeps the whole file in place of its parts. */
async function keepWhole(
  cache: ByteCache | undefined,
  key: string,
  job: Attempt,
  parts: Parts,
): Promise<void> {
  await cache?.put(key, job.buffer, job.url);
  await parts.drop();
}

/** Kept parts, or a copy in the browser's own cache, may be of an older file: worth one more try from the first byte. */
function outdated(error: unknown): boolean {
  if (!(error instanceof Fault) || error.cause instanceof Interrupted) return false;
  return error.code === 'model-hash' || error.code === 'model-truncated';
}

async function completeAndCheck(job: Attempt, key: string, options: LoadOptions): Promise<void> {
  await complete(job, options);
  if ((await sha256(job.buffer)) !== key)
    throw new Fault('model-hash', { file: job.file, bytes: job.loaded });
}

/** However often a connection breaks after a few bytes, this is the end of it. */
const MAX_ATTEMPTS = 200;

/** Attempts until the buffer is full. */
async function complete(job: Attempt, options: LoadOptions): Promise<void> {
  const retries = options.retries ?? 5;
  const wait = options.wait ?? waitFor;
  let barren = 0;
  let furthest = job.loaded;
  for (let attempts = 1; job.loaded < options.bytes; attempts++) {
    try {
      await attempt(job);
    } catch (error) {
      throwIfCancelled(options.signal);
      if (!(error instanceof Interrupted)) throw error;
      barren = job.loaded > furthest ? 0 : barren + 1;
      furthest = Math.max(furthest, job.loaded);
      // Without a network no attempt can bring anything: said at once, and whoever asked goes on when it is back.
      const hopeless = barren > 0 && !isOnline(options);
      if (hopeless || barren >= retries || attempts >= MAX_ATTEMPTS) throw failure(error, job, options);
      await wait(Math.min(8000, 500 * 2 ** barren), options.signal);
      throwIfCancelled(options.signal);
    }
  }
}

function isOnline({ online }: LoadOptions): boolean {
  return online ? online() : (globalThis.navigator?.onLine ?? true);
}

function failure(error: Interrupted, job: Attempt, options: LoadOptions): Fault {
  const details = { file: job.file, loaded: job.loaded, total: options.bytes };
  if (!isOnline(options)) return new Fault('offline', details, error);
  if (error.reason === 'ended early') return new Fault('model-truncated', details, error);
  return new Fault('download-failed', { ...details, reason: error.reason }, error);
}

/** The finished stretches of an unfinished download, kept under `<sha256>/part-<i>`. Saving never holds the download up. */
class Parts {
  readonly #cache: ByteCache | undefined;
  readonly #key: string;
  readonly #url: string;
  readonly #job: Attempt;
  #saved = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(cache: ByteCache | undefined, key: string, url: string, job: Attempt) {
    this.#cache = cache;
    this.#key = key;
    this.#url = url;
    this.#job = job;
  }

  /** Fills the job's buffer with what was kept. */
  async restore(): Promise<void> {
    const { buffer } = this.#job;
    for (;;) {
      const part = await this.#cache?.get(`${this.#key}/part-${this.#saved}`);
      const at = this.#saved * PART;
      if (part?.length !== PART || at + PART > buffer.length) break;
      buffer.set(part, at);
      this.#saved++;
    }
    this.#job.loaded = this.#saved * PART;
  }

  /** Keeps every full part that isn't kept yet. */
  save(): void {
    const cache = this.#cache;
    if (!cache) return;
    while ((this.#saved + 1) * PART <= this.#job.loaded && this.#job.loaded < this.#job.buffer.length) {
      const index = this.#saved++;
      const part = this.#job.buffer.slice(index * PART, (index + 1) * PART);
      this.#writing = this.#writing.then(() => cache.put(`${this.#key}/part-${index}`, part, this.#url));
    }
  }

  async drop(): Promise<void> {
    await this.#writing;
    for (; this.#saved > 0; this.#saved--) await this.#cache?.delete(`${this.#key}/part-${this.#saved - 1}`);
  }
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Fault('cancelled');
}

function fileName(url: string): string {
  return decodeURIComponent(
    url
      .replace(/[?#].*$/, '')
      .split('/')
      .pop() ?? url,
  );
}

/** Resolves after `ms`, or at once when cancelled. */
function waitFor(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}
