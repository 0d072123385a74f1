/// <reference types="@sveltejs/kit" />
/// <reference lib="webworker" />
/*
 * For hosts that cannot send headers: pages and scripts pass through here and get the two headers that make a page
 * cross-origin isolated, so that WASM may use threads. What passes is kept, so that a page visited once opens offline.
 * Weights and the runtime's binary have a store of their own (src/lib/weights/download.ts) and are left alone.
 */
import { version } from '$service-worker';
import { offlineKey, passesThrough, withIsolation } from '#lib/runtime/offline.ts';

const worker = globalThis.self as unknown as ServiceWorkerGlobalScope;
const SHELL = `patchwork-shell-${version}`;

worker.addEventListener('install', () => void worker.skipWaiting());

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith('patchwork-shell-') && name !== SHELL) await caches.delete(name);
      }
      await worker.clients.claim();
    })(),
  );
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (passesThrough(request, worker.location.origin)) event.respondWith(answer(request));
});

async function answer(request: Request): Promise<Response> {
  const key = offlineKey(request);
  const shell = await caches.open(SHELL).catch(() => undefined);
  const lasting = new URL(request.url).pathname.includes('/_app/immutable/');
  const kept = lasting ? await shell?.match(key) : undefined;
  if (kept) return withIsolation(kept);
  try {
    const response = await fetch(request);
    // A full store is no error: the page then needs the network again.
    if (response.status === 200) await shell?.put(key, response.clone()).catch(() => {});
    return withIsolation(response);
  } catch (error) {
    const old = await shell?.match(key);
    if (old) return withIsolation(old);
    throw error;
  }
}
