import { readFileSync } from 'node:fs';
import type * as OrtModule from 'onnxruntime-web';
import { vi } from 'vitest';
import type { Engine as EngineClass, WorkerPort } from './engine.svelte.ts';
import type { FromWorker, ToWorker } from './protocol.ts';
import { Server } from './serve.ts';

/** A worker of this process: the real server behind a port that clones what crosses it, as a browser does. */
export class NodeWorker implements WorkerPort {
  onmessage: WorkerPort['onmessage'] = null;
  onerror: WorkerPort['onerror'] = null;
  readonly heard: ToWorker[] = [];
  #ended = false;
  readonly #inside: { postMessage(m: FromWorker): void; onmessage: ((e: { data: ToWorker }) => void) | null };

  constructor(onpost: (message: FromWorker, worker: NodeWorker) => void = () => {}) {
    this.#inside = {
      onmessage: null,
      postMessage: (message) => {
        if (this.#ended) return;
        const data = structuredClone(message);
        onpost(data, this);
        setImmediate(() => this.#ended || this.onmessage?.({ data }));
      },
    };
    new Server(this.#inside);
  }
  postMessage(message: ToWorker): void {
    if (this.#ended) return;
    this.heard.push(message);
    const data = structuredClone(message);
    setImmediate(() => this.#ended || this.#inside.onmessage?.({ data }));
  }
  terminate(): void {
    this.#ended = true;
  }
  /** What a worker says whose GPU device is gone. */
  lose(): void {
    setImmediate(() => this.#ended || this.onmessage?.({ data: { type: 'lost', message: 'a test' } }));
  }
}

/** The file behind an address of a model's folder. */
export function modelFile(url: string): Uint8Array {
  return new Uint8Array(readFileSync(`models/${url.replace(/^.*\/models\//, '')}`));
}

/** What a page has and Node has not: its address, and the site's files; the runtime on one thread, silent. */
export function pageHere(ort: typeof OrtModule): void {
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('location', { href: 'http://site/', search: '' });
  vi.stubGlobal('navigator', { onLine: true, hardwareConcurrency: 1 });
  vi.stubGlobal('fetch', async (url: string) => new Response(modelFile(url) as BufferSource));
}

/** An engine whose workers run here; they are in `workers` as they come. */
export function engineHere(
  Engine: typeof EngineClass,
  onpost?: (message: FromWorker, worker: NodeWorker) => void,
): { engine: EngineClass; workers: NodeWorker[] } {
  const workers: NodeWorker[] = [];
  const engine = new Engine(() => {
    const worker = new NodeWorker(onpost);
    workers.push(worker);
    return worker;
  });
  return { engine, workers };
}
