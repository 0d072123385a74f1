import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { sha256 } from './sha256.ts';

/** What a page over plain http sees: no `crypto.subtle`. `null` rather than undefined, which would mean the default. */
const none = null as unknown as undefined;

it('gives the standard’s example digest with and without Web Crypto', async () => {
  const abc = new TextEncoder().encode('abc');
  const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(await sha256(abc)).toBe(expected);
  expect(await sha256(abc, none)).toBe(expected);
});

it('pads every length as Node does', async () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 100_001]) {
    const bytes = new Uint8Array(length).map((_, i) => (i * 31) & 255);
    expect(await sha256(bytes, none)).toBe(createHash('sha256').update(bytes).digest('hex'));
  }
});
