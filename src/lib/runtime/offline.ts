/** What the service worker does with requests; pure, so that it can be tested without one. */

type Asked = Pick<Request, 'url' | 'method' | 'mode' | 'destination' | 'cache' | 'headers'>;

/** Whether a request is one of ours that must carry the isolation headers or is worth keeping for offline visits. */
export function passesThrough(request: Asked, origin: string): boolean {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== origin || request.headers.has('range')) return false;
  if (request.cache === 'only-if-cached' && request.mode !== 'same-origin') return false;
  if (request.mode === 'navigate' || request.destination !== '') return true;
  // Plain fetches: descriptions are kept; weights and other large files go their own way.
  return /\.json$/.test(url.pathname);
}

/** Under which address an answer is kept: pages without their query, which holds the reader's settings. */
export function offlineKey(request: Asked): string {
  const url = new URL(request.url);
  url.hash = '';
  if (request.mode === 'navigate') url.search = '';
  return url.href;
}

/** The response with the headers of cross-origin isolation; what cannot be copied (a redirect, an opaque answer) as it is. */
export function withIsolation(response: Response): Response {
  if (response.status === 0 || response.type === 'opaqueredirect' || response.redirected) return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
