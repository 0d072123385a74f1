/** What every cell has of the language and of the worker it runs in. */
const LANGUAGE =
  'Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set String Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet decodeURI decodeURIComponent encodeURI encodeURIComponent eval globalThis isFinite isNaN parseFloat parseInt undefined AggregateError Atomics';
const WORKER =
  'AbortController AbortSignal Blob Event EventTarget OffscreenCanvas TextDecoder TextEncoder URL URLSearchParams atob btoa clearInterval clearTimeout console crypto performance queueMicrotask self setInterval setTimeout structuredClone';

/** Names that mean network, storage or the page: a cell has none of these. */
const ABSENT =
  'Worker SharedWorker BroadcastChannel EventSource Image Notification RTCPeerConnection WebSocket WebTransport XMLHttpRequest alert caches close confirm cookieStore document fetch history importScripts indexedDB localStorage location navigator open parent postMessage prompt require sessionStorage top window';

/** What a cell can reach of the page; docs/notebook.md says what each is. */
export const REACH = [
  ...['tensor', 'model', 'sample', 'program', 'picture', 'state', 'Tensor', 'Picture', 'noise'],
  ...['Plot', 'd3', 'html', 'svg', 'Inputs', 'display', 'view', 'width', 'invalidation'],
] as const;

const known = new Set([...LANGUAGE.split(' '), ...WORKER.split(' ')]);
const absent = new Set(ABSENT.split(' '));
const reach: ReadonlySet<string> = new Set(REACH);

/** Whether the language or the worker has a global of that name. */
export const isGlobal = (name: string): boolean => known.has(name);
/** Whether a name means something that cells are kept from. */
export const isAbsent = (name: string): boolean => absent.has(name);
/** Whether a name is one of what a cell can reach of the page. */
export const isReach = (name: string): boolean => reach.has(name);
