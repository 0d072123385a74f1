import { describe, expect, it } from 'vitest';
import { offlineKey, passesThrough, withIsolation } from './offline.ts';

const origin = 'https://site.example';
const ask = (path: string, over: Partial<Request> = {}) =>
  ({
    url: new URL(path, origin).href,
    method: 'GET',
    mode: 'cors',
    destination: '',
    cache: 'default',
    headers: new Headers(),
    ...over,
  }) as Request;

describe('the service worker', () => {
  it('takes pages, scripts and descriptions, and leaves weights, ranges and others alone', () => {
    const takes = (r: Request) => passesThrough(r, origin);
    expect(takes(ask('/en/', { mode: 'navigate', destination: 'document' }))).toBe(true);
    expect(takes(ask('/_app/worker.js', { destination: 'worker' }))).toBe(true);
    expect(takes(ask('/models/vit/config.json'))).toBe(true);
    expect(takes(ask('/models/vit/model.safetensors'))).toBe(false);
    expect(takes(ask('/_app/ort.wasm'))).toBe(false);
    expect(takes(ask('/a.webp', { destination: 'image', headers: new Headers({ range: 'bytes=1-' }) }))).toBe(
      false,
    );
    expect(takes(ask('https://other.example/a.js', { destination: 'script' }))).toBe(false);
    expect(takes(ask('/a.js', { destination: 'script', method: 'POST' }))).toBe(false);
    expect(takes(ask('/a.js', { destination: 'script', cache: 'only-if-cached' }))).toBe(false);
  });

  it('keeps a page once, whatever its query', () => {
    expect(offlineKey(ask('/en/?p=8#s', { mode: 'navigate' }))).toBe(`${origin}/en/`);
    expect(offlineKey(ask('/a.js?v=2'))).toBe(`${origin}/a.js?v=2`);
  });

  it('adds the isolation headers and keeps the rest', async () => {
    const answer = withIsolation(
      new Response('hi', { status: 206, headers: { 'content-type': 'text/plain' } }),
    );
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-type')).toBe('text/plain');
    expect(answer.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(answer.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(await answer.text()).toBe('hi');
    const opaque = Response.error();
    expect(withIsolation(opaque)).toBe(opaque);
  });
});
