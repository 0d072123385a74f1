import { describe, expect, it } from 'vitest';
import { Lru } from './lru.ts';

describe('Lru', () => {
  it('drops what was used longest ago, by count and by bytes, and disposes of it', () => {
    const gone: string[] = [];
    const lru = new Lru<string>({ count: 3, bytes: 100 }, (v) => gone.push(v));
    lru.set('a', 'A', 10);
    lru.set('b', 'B', 10);
    lru.set('c', 'C', 10);
    expect(lru.get('a')).toBe('A');
    lru.set('d', 'D', 10);
    expect(gone).toEqual(['B']);
    lru.set('e', 'E', 85);
    expect(gone).toEqual(['B', 'C', 'A']);
    expect(lru.bytes).toBe(95);
    lru.set('huge', 'H', 1000);
    expect([...lru.entries()]).toEqual([['huge', 'H']]);
    lru.clear();
    expect(lru.bytes).toBe(0);
    expect(lru.size).toBe(0);
  });

  it('makes room beforehand and replaces', () => {
    const gone: string[] = [];
    const lru = new Lru<string>({ count: 5, bytes: 100 }, (v) => gone.push(v));
    lru.set('a', 'A', 40);
    lru.set('b', 'B', 40);
    lru.reserve(50);
    expect(gone).toEqual(['A']);
    lru.set('b', 'B2', 60);
    expect(gone).toEqual(['A', 'B']);
    expect(lru.bytes).toBe(60);
    lru.reserve(500);
    expect(lru.size).toBe(0);
  });
});
