import { describe, expect, it } from 'vitest';
import { Fault } from '#lib/base/errors.ts';
import { Queue } from './queue.ts';

const turn = () => new Promise<void>((r) => setImmediate(r));

function gate() {
  let open = () => {};
  const promise = new Promise<void>((r) => (open = r));
  return { promise, open };
}

describe('Queue', () => {
  it('runs one job at a time, in order', async () => {
    const queue = new Queue(turn);
    const log: string[] = [];
    for (const id of [1, 2, 3]) {
      const work = async () => {
        log.push(`${id} in`);
        await turn();
        log.push(`${id} out`);
      };
      queue.push(id, work, () => log.push('failed'));
    }
    expect(queue.length).toBe(3);
    while (queue.length) await turn();
    expect(log).toEqual(['1 in', '1 out', '2 in', '2 out', '3 in', '3 out']);
  });

  it('never starts a waiting job that was cancelled', async () => {
    const queue = new Queue(turn);
    const g = gate();
    const faults: unknown[] = [];
    let ran = false;
    queue.push(
      1,
      () => g.promise,
      () => {},
    );
    queue.push(
      2,
      async () => void (ran = true),
      (e) => faults.push(e),
    );
    queue.cancel(2);
    queue.cancel(99);
    g.open();
    while (queue.length) await turn();
    expect(ran).toBe(false);
    expect(faults).toMatchObject([{ code: 'cancelled' }]);
  });

  it('delivers nothing of a running job whose cancel arrives during the work', async () => {
    const queue = new Queue(turn);
    const delivered: string[] = [];
    const faults: unknown[] = [];
    queue.push(
      1,
      async ({ breathe, signal }) => {
        // A forward pass: the cancel is waiting in the event loop and is only seen when the job breathes.
        setImmediate(() => queue.cancel(1));
        expect(signal.aborted).toBe(false);
        await breathe();
        await breathe();
        delivered.push('stale');
      },
      (e) => faults.push(e),
    );
    while (queue.length) await turn();
    expect(delivered).toEqual([]);
    expect(faults).toMatchObject([{ code: 'cancelled' }]);
  });

  it('hands errors to the job that threw and goes on', async () => {
    const queue = new Queue(turn);
    const faults: unknown[] = [];
    let ran = false;
    queue.push(
      1,
      () => Promise.reject(new Fault('run-failed')),
      (e) => faults.push(e),
    );
    queue.push(
      2,
      async () => void (ran = true),
      () => {},
    );
    while (queue.length) await turn();
    expect(faults).toMatchObject([{ code: 'run-failed' }]);
    expect(ran).toBe(true);
  });
});
