import { describe, expect, it } from 'vitest';
import type { FromSandbox, Result } from './messages.ts';
import { readMessage } from './page/read-message.ts';
import { Bundles, inParts } from './parts.ts';

const shows = (...results: Result[]): FromSandbox => ({
  say: 'shows',
  id: 'a',
  version: 1,
  shown: results.map((result) => ({ result })),
  ms: 2,
});
const tensor = (size: number): Result => ({
  is: 'tensor',
  tensor: { name: 't', shape: [size], dims: ['n'], values: Float32Array.from({ length: size }, (_, i) => i) },
});
const picture = (side: number): Result => {
  const data = Uint8ClampedArray.from({ length: side * side * 4 }, (_, i) => i % 251);
  return { is: 'picture', picture: { width: side, height: side, data } };
};
const bytesOf = (of: unknown): number =>
  ArrayBuffer.isView(of)
    ? of.byteLength
    : typeof of === 'object' && of !== null
      ? Object.values(of).reduce((sum: number, one: unknown) => sum + bytesOf(one), 0)
      : 0;

const MOST = 4_000;

describe('a large result comes in several messages', () => {
  const message = shows(tensor(3), tensor(2_300), picture(35));
  const sent = [...inParts(message, MOST)];

  it('none of which is large', () => {
    expect(sent.length).toBe(3 + 2 + 1);
    for (const one of sent) expect(bytesOf(one)).toBeLessThanOrEqual(MOST);
  });

  it('and is put together again', () => {
    const bundles = new Bundles();
    for (const part of sent.slice(0, -1)) expect(bundles.take(structuredClone(part))).toBe(true);
    expect(bundles.take(sent.at(-1))).toBe(false);
    expect(readMessage(structuredClone(sent.at(-1)), (of) => bundles.whole(of))).toEqual(message);
  });

  it('without a part the result is missing, and the others are there', () => {
    const bundles = new Bundles();
    for (const part of sent.slice(1, -1)) bundles.take(part);
    const read = readMessage(sent.at(-1), (of) => bundles.whole(of));
    expect(read).toEqual(shows(tensor(3), picture(35)));
  });

  it('parts that were read belong to no later message', () => {
    const bundles = new Bundles();
    for (const part of sent.slice(0, -1)) bundles.take(part);
    bundles.clear();
    expect(readMessage(sent.at(-1), (of) => bundles.whole(of))).toEqual(shows(tensor(3)));
  });

  it('parts of other forms, and more than the largest results have, are not kept', () => {
    const bundles = new Bundles();
    const part = new Float32Array(4);
    for (const length of [-1, 1.5, 1e12, '9', undefined])
      expect(bundles.take({ say: 'part', bundle: 1, length, part })).toBe(true);
    expect(bundles.take({ say: 'part', bundle: 1, length: 4, part: [1, 2, 3, 4] })).toBe(true);
    expect(bundles.whole({ bundle: 1 })).toBeUndefined();
    bundles.take({ say: 'part', bundle: 2, length: 4, part });
    bundles.take({ say: 'part', bundle: 2, length: 4, part });
    expect(bundles.whole({ bundle: 2 })).toEqual(part);
  });
});
