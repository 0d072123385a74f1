import { describe, expect, it } from 'vitest';
import { Fault } from '#lib/base/errors.ts';
import { Client } from './client.ts';
import type { SampleStep } from '#lib/diffusion/sampler/loop.ts';
import type { FromWorker, Port, RunRequest, RunResult, ToWorker } from './protocol.ts';

/** A worker that remembers what it was told and answers when the test says so. */
function fakeWorker() {
  const sent: ToWorker[] = [];
  const port: Port<ToWorker, FromWorker> = { postMessage: (m) => void sent.push(m), onmessage: null };
  return {
    port,
    sent,
    runs: () => sent.filter((m) => m.type === 'run'),
    cancels: () => sent.filter((m) => m.type === 'cancel').map((m) => m.id),
    say: (message: FromWorker) => port.onmessage?.({ data: message }),
    done(id: number, ms = 1) {
      const result: RunResult = { tensors: [], ms, sessionMs: 0, device: 'wasm' };
      this.say({ type: 'done', id, result });
    },
    cancelled(id: number) {
      this.say({ type: 'fault', id, fault: { code: 'cancelled', details: {}, message: 'cancelled' } });
    },
  };
}

const request = (patch: number) => ({ variant: { patch } }) as unknown as RunRequest;
const stepOf = (step: number) => ({ step, total: 3 }) as SampleStep;
const codeOf = (p: Promise<unknown>) =>
  p.then(
    () => 'done',
    (e: unknown) => (e instanceof Fault ? e.code : String(e)),
  );

describe('Client', () => {
  it('matches answers to calls by id, in any order', async () => {
    const worker = fakeWorker();
    const client = new Client(worker.port);
    const a = client.call('run', request(8));
    const b = client.call('run', request(16));
    const [first, second] = worker.runs();
    worker.done(second!.id, 2);
    worker.done(first!.id, 1);
    expect((await a).ms).toBe(1);
    expect((await b).ms).toBe(2);
    expect(client.inFlight).toBe(0);
  });

  it('of one key sends one at a time and computes only the newest', async () => {
    const worker = fakeWorker();
    const client = new Client(worker.port);
    const calls = Array.from({ length: 500 }, (_, i) => client.call('run', request(i), { key: 'slider' }));
    const codes = Promise.all(calls.map(codeOf));
    expect(worker.runs()).toHaveLength(1);
    expect(client.inFlight).toBe(1);
    const first = worker.runs()[0]!;
    expect(worker.cancels()).toEqual([first.id]);
    // The worker was too deep in its work to see the cancel: what it delivers is stale and goes nowhere.
    worker.done(first.id);
    expect(worker.runs()).toHaveLength(2);
    const last = worker.runs()[1]!;
    expect(last.body).toEqual(request(499));
    worker.done(last.id, 7);
    expect((await codes).filter((c) => c === 'done')).toHaveLength(1);
    expect((await calls[499]!).ms).toBe(7);
  });

  it('lets keys pass each other', async () => {
    const worker = fakeWorker();
    const client = new Client(worker.port);
    const a = client.call('run', request(8), { key: 'a' });
    const b = client.call('run', request(8), { key: 'b' });
    expect(worker.runs()).toHaveLength(2);
    worker.done(worker.runs()[1]!.id);
    worker.done(worker.runs()[0]!.id);
    await Promise.all([a, b]);
  });

  it('cancels by signal: waiting calls never leave, running ones are told', async () => {
    const worker = fakeWorker();
    const client = new Client(worker.port);
    const stopRunning = new AbortController();
    const stopWaiting = new AbortController();
    const running = codeOf(client.call('run', request(8), { signal: stopRunning.signal, key: 'k' }));
    const waiting = codeOf(client.call('run', request(16), { signal: stopWaiting.signal, key: 'k' }));
    stopWaiting.abort();
    stopRunning.abort();
    expect(await waiting).toBe('cancelled');
    expect(await running).toBe('cancelled');
    worker.cancelled(worker.runs()[0]!.id);
    expect(worker.runs()).toHaveLength(1);
    const next = client.call('run', request(32), { key: 'k' });
    worker.done(worker.runs()[1]!.id);
    await next;
    expect(await codeOf(client.call('run', request(1), { signal: stopRunning.signal }))).toBe('cancelled');
  });

  it('streams steps and progress, and none after the call was superseded', async () => {
    const worker = fakeWorker();
    const client = new Client(worker.port);
    const steps: number[] = [];
    const bytes: number[] = [];
    const call = client.call('run', request(8), {
      key: 'k',
      onStep: (s) => steps.push(s.step),
      onProgress: (p) => bytes.push(p.loaded),
    });
    const { id } = worker.runs()[0]!;
    worker.say({ type: 'step', id, step: stepOf(0) });
    worker.say({ type: 'progress', id, progress: { stage: 'model', loaded: 5, total: 9, fromCache: false } });
    const newer = client.call('run', request(16), { key: 'k' });
    worker.say({ type: 'step', id, step: stepOf(1) });
    expect(await codeOf(call)).toBe('cancelled');
    expect(steps).toEqual([0]);
    expect(bytes).toEqual([5]);
    worker.cancelled(id);
    worker.done(worker.runs()[1]!.id);
    await newer;
  });

  it('turns fault records into Faults and fails everything at once when the worker is gone', async () => {
    const worker = fakeWorker();
    const lost: string[] = [];
    const client = new Client(worker.port, (m) => lost.push(m));
    const bad = client.call('run', request(8));
    const fault = { code: 'wasm-memory' as const, details: { reason: 'no' }, message: 'no' };
    worker.say({ type: 'fault', id: worker.runs()[0]!.id, fault });
    await expect(bad).rejects.toMatchObject({ code: 'wasm-memory', details: { reason: 'no' } });
    const running = codeOf(client.call('run', request(8), { key: 'k' }));
    const waiting = codeOf(client.call('run', request(9), { key: 'k' }));
    worker.say({ type: 'lost', message: 'reset' });
    expect(lost).toEqual(['reset']);
    client.fail(new Fault('device-lost'));
    expect(await running).toBe('cancelled');
    expect(await waiting).toBe('device-lost');
    expect(client.inFlight).toBe(0);
  });
});
