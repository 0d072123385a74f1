import { describe, expect, it } from 'vitest';
import type { Tensor } from '#lib/base/tensor.ts';
import { Graph } from '#lib/graph/index.ts';
import type { LiveModel } from './live-model.svelte.ts';
import { byName } from './by-name.ts';
import { derivedTensor, inputTensor, tensorOf, valueOf } from './make-tensor.svelte.ts';
import { dataFrom, isOfInput, provenanceLine, statistics } from './named-tensor.ts';
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

  it('of a network without words for the reader has values; with them it has a shape alone', () => {
    const { live, tensors } = model();
    let asked = true;
    const twice = tensorOf(live, 'twice', {
      absence: () => (asked ? undefined : { en: 'Not asked.', zh: '尚未请求。' }),
    });
    tensors.show(1, [tensor('twice', 1, 2)]);
    expect(twice.value?.data).toEqual(Float32Array.of(1, 2));
    asked = false;
    expect(twice).toMatchObject({ value: undefined, shape: [2, 3], absence: { en: 'Not asked.' } });
  });

  it('of a batch is one picture’s part of it, and a part has no dimension it was taken along', () => {
    const { live, tensors } = model();
    const data = Float32Array.of(1, 2, 3, 4);
    tensors.show(1, [{ name: 'twice', shape: [2, 2], dims: ['B', 'D'], data }]);
    expect(tensorOf(live, 'twice', { which: 1 }).value).toMatchObject({
      shape: [2],
      dims: ['D'],
      data: Float32Array.of(3, 4),
    });
    expect(tensorOf(live, 'twice[1]')).toMatchObject({ shape: [3], dims: ['D'] });
  });

  it('that the reader gave has the shape that is known before it comes', () => {
    const data = Float32Array.of(1, 2);
    const known = () => ({ shape: [1, 2], dims: ['T', 'D'] });
    expect(inputTensor('x', () => undefined, known)).toMatchObject({ shape: [1, 2], value: undefined });
    const x = inputTensor('x', () => data, known);
    expect(x.value).toEqual({ name: 'x', shape: [1, 2], dims: ['T', 'D'], data });
    const patches = derivedTensor('patches', [x], 'flatten', (a) => a!);
    expect([x, patches].map(isOfInput)).toEqual([true, true]);
    expect(isOfInput(derivedTensor('sum', [x, tensorOf(model().live, 'x')], 'sum', (a) => a!))).toBe(false);
  });

  it('says on one line what it was made from', () => {
    const { live } = model();
    const x = inputTensor('x', () => undefined);
    const painted = valueOf({ id: 'paint' }, 'painted', () => undefined);
    const apart = derivedTensor('apart', [tensorOf(live, 'twice'), painted, x], 'difference', (a) => a!);
    expect(provenanceLine(apart)).toBe('difference(toy/twice, paint/painted, input)');
  });

  it('is made once for a name', () => {
    const { live } = model();
    const named = byName((name) => tensorOf(live, name));
    expect(named('x')).toBe(named('x'));
    expect(named('twice')).not.toBe(named('x'));
  });
});
