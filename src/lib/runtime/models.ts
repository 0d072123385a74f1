import { Fault } from '#lib/base/errors.ts';
import type { WeightSource } from '#lib/graph/types.ts';
import { keptBytes, lostFile } from '#lib/weights/distant.ts';
import type { DownloadProgress, LoadOptions } from '#lib/weights/download.ts';
import { Lru } from './lru.ts';
import type { ModelRef } from './protocol.ts';

/** The weights file of a model folder. */
export const WEIGHTS_FILE = 'model.safetensors';

/** Of a network without weights: nothing is fetched for it. */
const NO_WEIGHTS: WeightSource = { get: () => undefined, names: () => [], buffers: new Map() };

export interface ModelTools {
  readonly download: (url: string, options: LoadOptions) => Promise<Uint8Array>;
  /** Reads some weights, under the names of the graph, out of the bytes so far; undefined while they are not there. */
  readonly openFirst?: (names: readonly string[]) => (bytes: Uint8Array) => WeightSource | undefined;
  /** Bytes → weights under the names of the graph. */
  readonly open: (bytes: Uint8Array, ref: ModelRef) => WeightSource;
  /** The same of a model that was read from files of the reader's. */
  readonly openOwn?: (ref: ModelRef, options: OwnOptions) => Promise<WeightSource>;
}

interface OwnOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Pick<DownloadProgress, 'loaded' | 'total'>) => void;
}

interface Watch {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Sees the first bytes of a download, again whenever there are more. */
  readonly onBytes?: (bytes: Uint8Array) => void;
}

interface Download {
  readonly promise: Promise<WeightSource>;
  readonly stop: AbortController;
  readonly watchers: Set<(progress: DownloadProgress) => void>;
  readonly readers: Set<(bytes: Uint8Array) => void>;
  last?: DownloadProgress;
  /** The bytes so far. */
  here?: Uint8Array;
  waiting: number;
}

/** The weights the worker keeps: each model downloaded and parsed once, the least recently used dropped first. */
export class Models {
  readonly #kept: Lru<WeightSource>;
  readonly #downloads = new Map<string, Download>();
  readonly #tools: ModelTools;

  constructor(tools: ModelTools, limits = { count: 4, bytes: 1e9 }) {
    this.#tools = tools;
    this.#kept = new Lru(limits);
  }

  get size(): number {
    return this.#kept.size;
  }

  get bytes(): number {
    return this.#kept.bytes;
  }

  /** Identifies the weights' content, so that a changed file is another model. */
  static key(ref: ModelRef): string {
    const { own, architecture, config, files } = ref.config;
    // What a reader's file is taken for may be corrected: then it is another model.
    const taken = own ? `${architecture} ${JSON.stringify(config)} ${own.prefix}` : '';
    return `${ref.url}#${own?.sha256 ?? files[WEIGHTS_FILE]?.sha256 ?? ''}${taken}`;
  }

  /**
   * The model's weights, downloaded where they aren't here yet. Two callers share one download; it stops when the
   * last of them has gone. Throws Fault (those of the download and of the weights).
   */
  async get(ref: ModelRef, watch: Watch = {}): Promise<WeightSource> {
    const key = Models.key(ref);
    const kept = this.#kept.get(key);
    // A file of the reader's that could not be read is asked for again: it may have been chosen anew.
    if (kept && !lostFile(kept.buffers.values())) return kept;
    const { signal, onProgress, onBytes } = watch;
    if (signal?.aborted) throw new Fault('cancelled');
    const download = this.#downloads.get(key) ?? this.#begin(key, ref);
    download.waiting++;
    if (onProgress) {
      download.watchers.add(onProgress);
      if (download.last) onProgress(download.last);
    }
    let leave = () => {};
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(new Fault('cancelled'));
      signal?.addEventListener('abort', leave);
    });
    if (onBytes) {
      download.readers.add(onBytes);
      if (download.here) onBytes(download.here);
    }
    try {
      return await Promise.race([download.promise, left]);
    } finally {
      signal?.removeEventListener('abort', leave);
      if (onProgress) download.watchers.delete(onProgress);
      if (onBytes) download.readers.delete(onBytes);
      if (--download.waiting === 0) {
        download.stop.abort();
        this.#forget(key, download);
      }
    }
  }

  /**
   * Some of a model's weights, as soon as its download has come to them; all of them where they are here. Joins a
   * download or begins one, and leaves it when it has what it needs. Throws Fault as `get`.
   */
  async first(ref: ModelRef, names: readonly string[], signal?: AbortSignal): Promise<WeightSource> {
    const enough = new AbortController();
    const stop = () => enough.abort();
    signal?.addEventListener('abort', stop);
    const open = this.#tools.openFirst?.(names);
    let some: WeightSource | undefined;
    const onBytes = (bytes: Uint8Array) => {
      some ??= open?.(bytes);
      if (some) stop();
    };
    try {
      return await this.get(ref, { signal: enough.signal, onBytes });
    } catch (error) {
      if (some) return some;
      throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  #forget(key: string, download: Download): void {
    if (this.#downloads.get(key) === download) this.#downloads.delete(key);
  }

  #keep(key: string, weights: WeightSource): WeightSource {
    let held = 0;
    for (const buffer of weights.buffers.values()) held += keptBytes(buffer);
    this.#kept.set(key, weights, held);
    return weights;
  }

  #begin(key: string, ref: ModelRef): Download {
    const file = ref.config.files[WEIGHTS_FILE];
    const stop = new AbortController();
    const watchers: Download['watchers'] = new Set();
    const readers: Download['readers'] = new Set();
    const work = async () => {
      if (ref.config.weightless) return NO_WEIGHTS;
      const onProgress = (progress: DownloadProgress) => {
        download.last = progress;
        for (const watcher of watchers) watcher(progress);
      };
      if (ref.config.own) {
        const said = (p: Pick<DownloadProgress, 'loaded' | 'total'>) => onProgress({ ...p, fromCache: true });
        const own = await this.#tools.openOwn?.(ref, { signal: stop.signal, onProgress: said });
        if (own) return this.#keep(key, own);
      }
      if (!file) throw new Fault('model-missing', { file: WEIGHTS_FILE, url: ref.url });
      const bytes = await this.#tools.download(ref.url + WEIGHTS_FILE, {
        ...file,
        signal: stop.signal,
        onProgress,
        onBytes: (bytes) => {
          download.here = bytes;
          for (const reader of readers) reader(bytes);
        },
      });
      return this.#keep(key, this.#tools.open(bytes, ref));
    };
    const download: Download = {
      promise: Promise.resolve()
        .then(work)
        .finally(() => this.#forget(key, download)),
      stop,
      watchers,
      readers,
      waiting: 0,
    };
    download.promise.catch(() => {});
    this.#downloads.set(key, download);
    return download;
  }
}
