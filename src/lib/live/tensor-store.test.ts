import { describe, expect, it } from 'vitest';
import type { Tensor } from '#lib/base/tensor.ts';
import { TensorStore } from './tensor-store.svelte.ts';

const tensor = (name: string, floats = 25): Tensor => ({
  name,
  shape: [floats],
  dims: ['T'],
  data: new Float32Array(floats),
});

describe('TensorStore', () => {
  it('unions wants and tells of the first of each', () => {
    let told = 0;
    const store = new TensorStore({ onwants: () => told++ });
    const drop = store.want('b');
    store.want('a');
    const second = store.want('b');
    expect(store.wanted).toEqual(['a', 'b']);
    expect(told).toBe(2);
    drop();
    drop();
    expect(store.wanted).toEqual(['a', 'b']);
    second();
    expect(store.wanted).toEqual(['a']);
  });

  it('swaps a generation as a whole, lets later parts join it and ignores older ones', () => {
    const store = new TensorStore();
    store.want('a');
    store.want('b');
    expect(store.missing(1)).toEqual(['a', 'b']);
    store.show(1, [tensor('a'), tensor('b')]);
    const old = store.get('a');
    expect(store.missing(1)).toEqual([]);
    store.show(2, [tensor('a')]);
    expect(store.get('a')).not.toBe(old);
    expect(store.get('b')).toBeUndefined();
    expect(store.missing(2)).toEqual(['b']);
    store.show(2, [tensor('b')]);
    store.show(1, [tensor('c')]);
    expect(store.names.sort()).toEqual(['a', 'b']);
    expect(store.generation).toBe(2);
    store.clear();
    expect(store.bytes).toBe(0);
  });

  it('is stale while what is shown answers an older wish than the newest', () => {
    const store = new TensorStore();
    store.newest = 2;
    expect(store.stale).toBe(false);
    store.show(1, [tensor('a')]);
    expect(store.stale).toBe(true);
    store.show(2, [tensor('a')]);
    expect(store.stale).toBe(false);
    store.newest = 3;
    expect(store.stale).toBe(true);
  });

  it('drops the least recently seen beyond its budget, never what is wanted', () => {
    const store = new TensorStore({ budget: 250 });
    store.want('wanted');
    store.show(1, [tensor('wanted', 50)]);
    store.show(1, [tensor('x')]);
    store.show(1, [tensor('y')]);
    expect(store.names.sort()).toEqual(['wanted']);
    const roomy = new TensorStore({ budget: 250 });
    roomy.show(1, [tensor('x'), tensor('y')]);
    roomy.get('x');
    roomy.show(1, [tensor('z')]);
    expect(roomy.names.sort()).toEqual(['x', 'z']);
    expect(roomy.bytes).toBe(200);
  });
});
