import { Fault } from '#lib/base/errors.ts';
import type { ProgramStep } from '#lib/programs/program.ts';
import {
  fromRecord,
  type FromWorker,
  type Kind,
  type Port,
  type Progress,
  type Requests,
  type ToWorker,
} from './protocol.ts';

export interface CallOptions {
  /** Calls with the same key supersede each other: the newest is computed, older ones reject with `cancelled`. */
  readonly key?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  readonly onStep?: (step: ProgramStep) => void;
  /** A run of a program is sent again, to the device after the one that was lost. */
  readonly onAgain?: () => void;
}

interface Call {
  readonly id: number;
  readonly key: string | undefined;
  readonly send: () => void;
  readonly options: CallOptions;
  readonly resolve: (result: Requests[Kind]['out']) => void;
  readonly reject: (fault: Fault) => void;
  readonly abort: () => void;
  /** Already rejected on the page; the worker's answer is only awaited to free the lane. */
  settled: boolean;
}

/** The fault of a call that a newer one with the same key replaced. */
const superseded = () => new Fault('cancelled', { why: 'superseded' });

/**
 * The page's end of the channel. Of each key at most one call is with the worker and at most one waits here, so a
 * slider moved a thousand times costs two calls' memory, and what arrives is never older than what was asked last.
 */
export class Client {
  #next = 1;
  readonly #calls = new Map<number, Call>();
  readonly #lanes = new Map<string, { current: Call; waiting?: Call }>();
  readonly #port: Port<ToWorker, FromWorker>;

  /** `onlost` is told when the worker's GPU device is gone. */
  constructor(port: Port<ToWorker, FromWorker>, onlost: (message: string) => void = () => {}) {
    this.#port = port;
    port.onmessage = ({ data }) => (data.type === 'lost' ? onlost(data.message) : this.#receive(data));
  }

  /** Calls sent and not answered. */
  get inFlight(): number {
    return this.#calls.size;
  }

  /** Sends a request. Rejects with a Fault; `cancelled` when superseded or when `signal` aborts. */
  call<K extends Kind>(
    type: K,
    body: Requests[K]['in'],
    options: CallOptions = {},
  ): Promise<Requests[K]['out']> {
    return new Promise((resolve, reject) => {
      if (options.signal?.aborted) return reject(new Fault('cancelled'));
      const id = this.#next++;
      const call: Call = {
        id,
        key: options.key,
        options,
        settled: false,
        send: () => {
          this.#calls.set(id, call);
          this.#port.postMessage({ type, id, body } as ToWorker, []);
        },
        resolve: resolve as Call['resolve'],
        reject,
        abort: () => this.#drop(call, new Fault('cancelled')),
      };
      options.signal?.addEventListener('abort', () => this.#drop(call, new Fault('cancelled')), {
        once: true,
      });
      this.#enter(call);
    });
  }

  /** Rejects everything with `fault` (the worker is gone). */
  fail(fault: Fault): void {
    const calls = [...this.#calls.values()];
    for (const lane of this.#lanes.values()) if (lane.waiting) calls.push(lane.waiting);
    this.#calls.clear();
    this.#lanes.clear();
    for (const call of calls) this.#settle(call, () => call.reject(fault));
  }

  #enter(call: Call): void {
    const lane = call.key === undefined ? undefined : this.#lanes.get(call.key);
    if (!lane) {
      if (call.key !== undefined) this.#lanes.set(call.key, { current: call });
      return call.send();
    }
    if (lane.waiting) this.#settle(lane.waiting, lane.waiting.reject.bind(undefined, superseded()));
    lane.waiting = call;
    this.#drop(lane.current, superseded());
  }

  /** Rejects a call now and tells the worker that its answer is not wanted. */
  #drop(call: Call, fault: Fault): void {
    if (call.settled) return;
    this.#settle(call, () => call.reject(fault));
    if (this.#calls.has(call.id)) this.#port.postMessage({ type: 'cancel', id: call.id }, []);
    else this.#leave(call);
  }

  #settle(call: Call, how: () => void): void {
    if (call.settled) return;
    call.settled = true;
    call.options.signal?.removeEventListener('abort', call.abort);
    how();
  }

  /** Frees the call's place in its lane and sends the one that waited. */
  #leave(call: Call): void {
    this.#calls.delete(call.id);
    const lane = call.key === undefined ? undefined : this.#lanes.get(call.key);
    if (!lane || call.key === undefined) return;
    if (lane.waiting === call) delete lane.waiting;
    if (lane.current !== call) return;
    const next = lane.waiting;
    if (!next) return void this.#lanes.delete(call.key);
    this.#lanes.set(call.key, { current: next });
    next.send();
  }

  #receive(message: Exclude<FromWorker, { type: 'lost' }>): void {
    const call = this.#calls.get(message.id);
    if (!call) return;
    if (message.type === 'progress')
      return void (call.settled || call.options.onProgress?.(message.progress));
    if (message.type === 'step') return void (call.settled || call.options.onStep?.(message.step));
    this.#settle(call, () =>
      message.type === 'done' ? call.resolve(message.result) : call.reject(fromRecord(message.fault)),
    );
    this.#leave(call);
  }
}
