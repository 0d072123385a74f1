import { describe, expect, it } from 'vitest';
import { Fault } from '#lib/base/errors.ts';
import type { WeightSource } from '#lib/graph/types.ts';
import type { LoadOptions } from '#lib/weights/download.ts';
import type { ModelConfig } from '#lib/models/model-config.ts';
import { Models } from './models.ts';
import type { ModelRef } from './protocol.ts';

const file = { bytes: 10, sha256: 'ab' };
const ref = (url: string, files: object = { 'model.safetensors': file }): ModelRef => ({
  url,
  config: { files } as ModelConfig,
});

function tools() {
  const asked: { url: string; options: LoadOptions; finish: () => void }[] = [];
  const models = new Models(
    {
      download: (url, options) =>
        new Promise((resolve, reject) => {
          options.signal?.addEventListener('abort', () => reject(new Fault('cancelled')));
          asked.push({ url, options, finish: () => resolve(new Uint8Array(options.bytes)) });
        }),
      openFirst: (names) => (bytes) =>
        bytes.length < 4 ? undefined : ({ names: () => [...names] } as unknown as WeightSource),
      open: (bytes) => ({ buffers: new Map([['model.safetensors', bytes]]) }) as unknown as WeightSource,
    },
    { count: 2, bytes: 1000 },
  );
  return { asked, models };
}
const settle = () => new Promise((r) => setTimeout(r));

describe('Models', () => {
  it('downloads a model once for all who ask, and tells each how far it is', async () => {
    const { asked, models } = tools();
    const seen: number[] = [];
    const a = models.get(ref('/m/'), { onProgress: (p) => seen.push(p.loaded) });
    await settle();
    asked[0]!.options.onProgress?.({ loaded: 4, total: 10, fromCache: false });
    const b = models.get(ref('/m/'), { onProgress: (p) => seen.push(p.loaded + 100) });
    asked[0]!.finish();
    expect(await a).toBe(await b);
    expect(await models.get(ref('/m/'))).toBe(await a);
    expect(asked).toHaveLength(1);
    expect(asked[0]!.url).toBe('/m/model.safetensors');
    expect(asked[0]!.options).toMatchObject(file);
    expect(seen).toEqual([4, 104]);
    expect(models.bytes).toBe(10);
  });

  it('goes on while one of two still waits and stops with the last', async () => {
    const { asked, models } = tools();
    const one = new AbortController();
    const two = new AbortController();
    const a = models.get(ref('/m/'), { signal: one.signal });
    const b = models.get(ref('/m/'), { signal: two.signal });
    await settle();
    one.abort();
    await expect(a).rejects.toMatchObject({ code: 'cancelled' });
    expect(asked[0]!.options.signal?.aborted).toBe(false);
    two.abort();
    await expect(b).rejects.toMatchObject({ code: 'cancelled' });
    expect(asked[0]!.options.signal?.aborted).toBe(true);
    const again = models.get(ref('/m/'));
    await settle();
    asked[1]!.finish();
    await again;
    expect(asked).toHaveLength(2);
  });

  it('gives the first weights as soon as their bytes are here, and leaves the download to who waits for it', async () => {
    const { asked, models } = tools();
    const whole = models.get(ref('/m/'));
    await settle();
    const first = models.first(ref('/m/'), ['kernel']);
    let early: WeightSource | undefined;
    void first.then((weights) => (early = weights));
    asked[0]!.options.onBytes?.(new Uint8Array(3));
    await settle();
    expect(early).toBeUndefined();
    asked[0]!.options.onBytes?.(new Uint8Array(4));
    expect([...(await first).names()]).toEqual(['kernel']);
    expect(asked[0]!.options.signal?.aborted).toBe(false);
    // Who comes later need not wait for more bytes.
    expect([...(await models.first(ref('/m/'), ['table'])).names()]).toEqual(['table']);
    asked[0]!.finish();
    const all = await whole;
    expect(await models.first(ref('/m/'), ['kernel'])).toBe(all);
    expect(asked).toHaveLength(1);
  });

  it('passes on what stops a download before the first weights, and stops one that nobody else wants', async () => {
    const { asked, models } = tools();
    const stop = new AbortController();
    const first = models.first(ref('/m/'), ['kernel'], stop.signal);
    await settle();
    stop.abort();
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    expect(asked[0]!.options.signal?.aborted).toBe(true);
    await expect(models.first(ref('/n/', {}), ['kernel'])).rejects.toMatchObject({ code: 'model-missing' });
  });

  it('keeps the most recently used', async () => {
    const { asked, models } = tools();
    for (const [i, url] of ['/a/', '/b/', '/c/'].entries()) {
      const got = models.get(ref(url));
      await settle();
      asked[i]!.finish();
      await got;
    }
    expect(models.size).toBe(2);
  });

  it('says so when a folder has no weights', async () => {
    const { models } = tools();
    await expect(models.get(ref('/m/', {}))).rejects.toMatchObject({ code: 'model-missing' });
  });
});
