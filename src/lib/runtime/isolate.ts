import { dev } from '$app/environment';
import { asset } from '$app/paths';

/** Set in session storage once the page was reloaded for isolation, so that it happens at most once. */
const RELOADED = 'patchwork:reloaded-for-isolation';
/** A service worker that isn't in control after this many milliseconds is not waited for. */
const PATIENCE = 4000;

/**
 * Makes the page cross-origin isolated where its host doesn't: registers the service worker that adds the headers and
 * reloads once. Resolves at once where nothing is to be done or can be; does not resolve when a reload is under way.
 * Never in development, never without a secure context, never where the host sends the headers itself.
 */
export async function isolate(): Promise<void> {
  if (dev || crossOriginIsolated || !isSecureContext || !navigator.serviceWorker) return;
  try {
    await navigator.serviceWorker.register(asset('/service-worker.js' as Parameters<typeof asset>[0]));
    if (!(await inControl()) || reloadedBefore()) return;
    location.reload();
    await new Promise(() => {});
  } catch {
    // Registration refused (a private window, a policy): one thread then, and the device line says so.
  }
}

/** Whether a service worker controls this page, waiting for the one just registered to take over. */
function inControl(): Promise<boolean> {
  if (navigator.serviceWorker.controller) return Promise.resolve(true);
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), PATIENCE);
    navigator.serviceWorker.addEventListener('controllerchange', () => resolve(true), { once: true });
  });
}

/** Whether the reload has been done; notes that it is about to be. Without a store to note it in: true. */
function reloadedBefore(): boolean {
  try {
    if (sessionStorage.getItem(RELOADED)) return true;
    sessionStorage.setItem(RELOADED, '1');
    return false;
  } catch {
    return true;
  }
}
