import { describe, expect, it } from 'vitest';
import type { Tensor } from '#lib/base/tensor.ts';
import { Graph } from '#lib/graph/index.ts';
import type { LiveModel } from './live-model.svelte.ts';
import { dataFrom, derivedTensor, statistics, tensorOf, valueOf } from './named-tensor.svelte.ts';
import { TensorStore } from './tensor-store.svelte.ts';

/** What a named tensor reads of a running model. */
function model() {
  const graph = new Graph('toy');
  const x = graph.input('x', [1, 2, 3], ['B', 'T', 'D']);
  graph.mul(x, graph.scalar(2), { name: 'twice', doc: { title: { en: 'Twice', zh: '两倍' } } });
  const tensors = new TensorStore();
  const live = { name: 'toy', graph, tensors, pending: false } as unknown as LiveModel;
  return { live, tensors };
}
const tensor = (name: string, ...data: number[]): Tensor => ({
  name,
  shape: [data.length],
  dims: ['D'],
  data: Float32Array.from(data),
});

describe('a named tensor', () => {
  it('of a network knows shape, dims and doc before its values, which come while it is wanted', () => {
    const { live, tensors } = model();
    const twice = tensorOf(live, 'twice');
    expect(twice).toMatchObject({ shape: [2, 3], dims: ['T', 'D'], doc: { title: { zh: '两倍' } } });
    expect(twice.value).toBeUndefined();
    const stop = twice.want();
    expect(tensors.wanted).toEqual(['twice']);
    tensors.show(1, [tensor('twice', 1, 2)]);
    expect(twice.value?.data).toEqual(Float32Array.of(1, 2));
    stop();
    expect(tensors.wanted).toEqual([]);
    expect(dataFrom(twice)).toBe('tensor:twice');
  });

  it('that is derived wants what it is made from, and has values once all of it has', () => {
    const { live, tensors } = model();
    const sum = derivedTensor('sum', [tensorOf(live, 'x'), tensorOf(live, 'twice')], 'sum', (a, b) => ({
      ...a!,
      data: a!.data.map((v, i) => v + b!.data[i]!),
    }));
    const stop = sum.want();
    expect(tensors.wanted).toEqual(['twice', 'x']);
    tensors.show(1, [tensor('x', 1, 2)]);
    expect(sum.value).toBeUndefined();
    tensors.show(1, [tensor('twice', 2, 4)]);
    expect(sum.value).toMatchObject({ name: 'sum', data: Float32Array.of(3, 6) });
    expect(statistics(sum)).toMatchObject({ min: 3, max: 6, mean: 4.5 });
    stop();
    expect(tensors.wanted).toEqual([]);
  });

  it('says where its numbers come from, through any number of derivations', () => {
    const { live } = model();
    const painted = valueOf({ id: 'paint' }, 'painted', () => tensor('painted', 1));
    const both = derivedTensor('both', [tensorOf(live, 'x'), painted], 'product', (a) => a!);
    const again = derivedTensor('again', [both], 'mean', (a) => a!);
    expect(dataFrom(again)).toBe('tensor:x+painted');
    const given = derivedTensor('grey', [], 'grey', () => tensor('grey', 1));
    expect(dataFrom(given)).toBe('input');
  });
});
