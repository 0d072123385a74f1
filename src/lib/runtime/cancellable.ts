import { Fault } from '#lib/base/errors.ts';

/** The promise, or `cancelled` as soon as the signal says so; the work behind it goes on. */
export function cancellable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Fault('cancelled')), { once: true });
    work.then(resolve, reject);
  });
}
