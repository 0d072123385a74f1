import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import { forgetOwn, keepOwn, recallOwn } from './own.ts';

describe('the reader’s own picture', () => {
  it('comes back byte for byte, and a new one replaces it', async () => {
    expect(await recallOwn()).toBeUndefined();
    expect(await keepOwn(new Blob([new Uint8Array([1, 2, 3])], { type: 'image/png' }), 'a.png')).toBe(true);
    expect(await keepOwn(new Blob([new Uint8Array([4, 5])], { type: 'image/jpeg' }), 'b.jpg')).toBe(true);
    const kept = await recallOwn();
    expect(kept).toMatchObject({ name: 'b.jpg' });
    expect(kept?.blob.type).toBe('image/jpeg');
    expect([...new Uint8Array(await kept!.blob.arrayBuffer())]).toEqual([4, 5]);
    await forgetOwn();
    expect(await recallOwn()).toBeUndefined();
  });

  it('does without a store where the browser has none', async () => {
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('denied', 'SecurityError');
      },
    });
    expect(await keepOwn(new Blob(['x']), 'x')).toBe(false);
    expect(await recallOwn()).toBeUndefined();
    await expect(forgetOwn()).resolves.toBeUndefined();
    vi.unstubAllGlobals();
  });
});
