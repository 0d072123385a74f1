import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ModelConfig } from '#lib/models/model-config.ts';
import { fetchAhead, takeEngine } from './ahead.ts';
import { Engine, type WorkerPort } from './engine.svelte.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

const config = { name: 'toy' } as ModelConfig;
vi.mock('./addresses.ts', () => ({
  modelFolder: (name: string) => `http://site/models/${name}/`,
  wishedDevice: () => undefined,
  keepDevice: () => undefined,
}));
vi.mock('./assets.ts', () => ({ assetUrls: () => ({}) }));
vi.mock('./isolate.ts', () => ({ isolate: async () => undefined }));
vi.mock('./fetch-config.ts', () => ({ fetchConfig: async () => config }));

/** An engine whose worker only writes down what it is told. */
function recorded() {
  const told: ToWorker[] = [];
  const port: WorkerPort = {
    onmessage: null,
    onerror: null,
    postMessage: (message) => void told.push(message),
    terminate: () => undefined,
  };
  const answer = (message: FromWorker) => port.onmessage?.({ data: message });
  return { told, answer, engine: new Engine(() => port) };
}
const turn = () => new Promise((done) => setTimeout(done));
const ref = { url: 'http://site/models/toy/', config };

beforeEach(() => {
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('location', { href: 'http://site/en/' });
});
afterEach(() => void vi.unstubAllGlobals());

it('asks for runtime and weights side by side, and the layout gets that engine, once', async () => {
  const { told, engine } = recorded();
  fetchAhead('toy', engine);
  await turn();
  expect(told.map(({ type }) => type).sort()).toEqual(['load', 'start']);
  expect(told.find(({ type }) => type === 'load')).toMatchObject({ body: ref });
  expect(takeEngine()).toBe(engine);
  expect(takeEngine()).not.toBe(engine);
});

it('hands its download to whoever asks, who can cancel it', async () => {
  const { told, answer, engine } = recorded();
  fetchAhead('toy', engine);
  await turn();
  const first = told.find(({ type }) => type === 'load')!;
  const stop = new AbortController();
  const seen: number[] = [];
  const loading = engine.load(ref, { signal: stop.signal, onProgress: (p) => seen.push(p.loaded) });
  const outcome = loading.catch((fault: { code: string }) => fault.code);
  // The new one first: the worker ends a download when nobody waits for it.
  const [second, dropped] = told.slice(-2);
  expect(second).toMatchObject({ type: 'load', body: ref });
  expect(dropped).toEqual({ type: 'cancel', id: first.id });
  answer({
    type: 'progress',
    id: second!.id,
    progress: { stage: 'model', loaded: 3, total: 10, fromCache: false },
  });
  expect(seen).toEqual([3]);
  stop.abort();
  expect(told.at(-1)).toEqual({ type: 'cancel', id: second!.id });
  expect(await outcome).toBe('cancelled');
  takeEngine();
});

it('waits to be asked where the reader saves data', async () => {
  vi.stubGlobal('navigator', { connection: { saveData: true } });
  const { told, engine } = recorded();
  fetchAhead('toy', engine);
  await turn();
  expect(told).toEqual([]);
  expect(takeEngine()).not.toBe(engine);
});
