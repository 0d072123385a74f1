import { describe, expect, test } from 'vitest';
import { Silence } from './silence.ts';

const LOOK_MS = 100;

/**
 * A worker that says nothing from 0 ms on, beside a thread that has `share` of a processor: when it is ended, by the
 * page's clock; undefined where it speaks at `until` and was not.
 */
function ended(share: number, { busy = true, until = Infinity, began = true, most = 60_000 } = {}) {
  const silence = new Silence();
  if (began) silence.began(0);
  let answer: number | undefined;
  for (let now = 0; now < most; now += 10) {
    if (now >= until) return undefined;
    if (now % LOOK_MS === 0) silence.look(now);
    if (answer === now) silence.ran(100 * share);
    if (silence.over(busy)) return now;
    if (silence.asks(now)) answer = now + 100;
  }
  return undefined;
}

describe('the silence of a worker, in processor time', () => {
  test('a loop that has a processor to itself is ended soon', () => {
    expect(ended(1)).toBe(1_100);
    expect(ended(1, { began: false })).toBe(1_100);
  });
  test('one that has half a processor, within two seconds and a bit', () => {
    expect(ended(0.5)).toBe(2_000);
  });
  test('a cell of 600 ms is left alone, on a busy machine as well', () => {
    for (const share of [1, 0.5, 0.2, 0.07]) expect(ended(share, { until: 600 / share })).toBe(undefined);
  });
  test('what no cell computes may last longer', () => {
    expect(ended(1, { busy: false })).toBe(3_200);
  });
  test('where the thread beside it gets nothing, or does not answer, ten seconds end it all the same', () => {
    expect(ended(0)).toBe(9_900);
  });
  test('what is said ends a silence, and the question put in it tells nothing of the next', () => {
    const silence = new Silence();
    for (let round = 0; round < 100; round++) {
      silence.look(round * 1_000);
      expect(silence.asks(round * 1_000 + 200)).toBe(true);
      silence.heard();
      silence.look(round * 1_000 + 250);
      silence.ran(800);
      expect(silence.over(true)).toBe(false);
      silence.heard();
    }
  });
  test('the page asks one question at a time', () => {
    const silence = new Silence();
    silence.began(0);
    expect([silence.asks(100), silence.asks(200), silence.asks(300)]).toEqual([false, true, false]);
    silence.ran(100);
    expect(silence.asks(300)).toBe(true);
  });
});
