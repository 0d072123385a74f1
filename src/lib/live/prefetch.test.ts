import { describe, expect, it, vi } from 'vitest';
import { nearestVariants, Prefetch } from './prefetch.ts';
import { hasRoom } from '#lib/runtime/memory.ts';

const turn = (ms = 0) => new Promise((r) => setTimeout(r, ms));

describe('Prefetch', () => {
  it('prepares one size after another, nearest first, and stops at a new wish', async () => {
    const begun: number[] = [];
    const open: (() => void)[] = [];
    const ahead = new Prefetch(({ patch }) => {
      begun.push(patch!);
      return new Promise<void>((r) => open.push(r));
    }, 0);
    const sizes = [8, 14, 16, 28, 32].map((patch) => ({ patch }));
    ahead.plan(nearestVariants(sizes, { patch: 16 }), 13);
    await turn(5);
    expect(begun).toEqual([14]);
    open[0]!();
    await turn();
    expect(begun).toEqual([14, 8]);
    ahead.stop();
    open[1]!();
    await turn();
    expect(begun).toEqual([14, 8]);
  });

  it('begins at once after the first answer, and after a pause from then on', async () => {
    const begun: number[] = [];
    const quiet = 60_000;
    const ahead = new Prefetch(async ({ patch }) => void begun.push(patch!), quiet);
    ahead.plan([{ patch: 8 }], 1);
    await vi.waitFor(() => expect(begun).toEqual([8]), 5000);
    ahead.plan([{ patch: 16 }], 1);
    await turn(100);
    expect(begun).toEqual([8]);
    ahead.stop();
  });

  it('leaves large sets and failures alone', async () => {
    const begun: number[] = [];
    const ahead = new Prefetch(({ patch }) => {
      begun.push(patch!);
      return Promise.reject(new Error('no room'));
    }, 0);
    ahead.plan([{ patch: 8 }, { patch: 16 }], 200);
    await turn(5);
    expect(begun).toEqual([]);
    ahead.plan([{ patch: 8 }, { patch: 16 }], 2);
    await turn(5);
    expect(begun).toEqual([8]);
  });

  it('spares small devices', () => {
    expect([2, 4, 8, undefined].map((n) => hasRoom(n))).toEqual([false, false, true, true]);
  });
});
