import { describe, expect, it } from 'vitest';
import { allowed, measuredAt, rangeOf, spreadOf, type StoredRow, type StoredTwins } from './twin-rows.ts';

const row = (name: string, seed: number, top1: number): StoredRow => ({
  ...{ name: `swin-${name}`, seed, steps: 10, images: 320, parameters: 7 },
  sides: { '64': { multiplyAdds: 5, top1 }, '96': { multiplyAdds: 9, top1: top1 / 2 } },
});
const stored = (...rows: StoredRow[]): StoredTwins => ({ of: 10, batch: 32, rows });

describe('stored measurements', () => {
  it('are put together by twin and side, every seed', () => {
    const rows = measuredAt(stored(row('linear', 1, 0.3), row('plain', 1, 0.4), row('plain', 2, 0.5)), '64');
    expect(rows.map(({ twin, seeds }) => [twin, seeds.length])).toEqual([
      ['plain', 2],
      ['linear', 1],
    ]);
    expect(rows[0]).toMatchObject({ macs: 5, parameters: 7 });
    expect(rows[0]!.mean).toBeCloseTo(0.45, 10);
    expect(rangeOf(rows)).toEqual([0.3, 0.5]);
    expect(measuredAt(stored(row('plain', 1, 0.4)), '96')[0]).toMatchObject({ macs: 9, mean: 0.2 });
    expect(measuredAt(stored(row('plain', 1, 0.4)), '128')).toEqual([]);
    expect(measuredAt(undefined, '64')).toEqual([]);
    // A network of another name is no twin.
    expect(measuredAt(stored(row('sparse', 1, 0.4)), '64')).toEqual([]);
  });
});

describe('what seeds allow to say', () => {
  const of = (...rows: StoredRow[]) => allowed(measuredAt(stored(...rows), '64'));
  it('nothing of twins with one seed, however far they lie apart', () => {
    expect(of(row('plain', 1, 0.1), row('linear', 1, 0.9))).toEqual({
      above: [],
      spread: undefined,
      single: ['plain', 'linear'],
    });
    expect(of(row('plain', 1, 0.1), row('plain', 2, 0.2), row('linear', 1, 0.9)).above).toEqual([]);
  });
  it('an order where all seeds of one lie above all of the other, not where they overlap', () => {
    const two = (name: string, a: number, b: number) => [row(name, 1, a), row(name, 2, b)] as const;
    expect(of(...two('plain', 0.5, 0.6), ...two('linear', 0.4, 0.45)).above).toEqual([['plain', 'linear']]);
    expect(of(...two('plain', 0.5, 0.6), ...two('linear', 0.4, 0.55)).above).toEqual([]);
    // As good is not above.
    expect(of(...two('plain', 0.5, 0.6), ...two('linear', 0.4, 0.5)).above).toEqual([]);
  });
  it('how far seeds lie apart at the most', () => {
    const said = of(
      row('plain', 1, 0.5),
      row('plain', 2, 0.53),
      row('shifted', 1, 0.4),
      row('shifted', 2, 0.46),
    );
    expect(said.spread).toMatchObject({ twin: 'shifted', seeds: 2 });
    expect(said.spread!.points).toBeCloseTo(0.06, 10);
    expect(spreadOf(measuredAt(stored(row('plain', 1, 0.5)), '64')[0]!)).toBeUndefined();
  });
  it('is drawn on a scale that one value fills too', () => {
    const [low, high] = rangeOf(measuredAt(stored(row('plain', 1, 0.5)), '64'));
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
  });
});
