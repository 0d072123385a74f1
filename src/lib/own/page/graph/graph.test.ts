import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readOnnx } from '../../reading/onnx/graph.ts';
import { gridOf, neighbours, scopeOf, scopesOf } from './scopes.ts';

const graph = readOnnx(new Uint8Array(readFileSync('tests/fixtures/onnx/attention.onnx')), 'attention.onnx');

it('groups values by the scopes of their names', () => {
  expect(scopeOf('/blocks.0/mlp/mlp.0/MatMul_output_0')).toBe('blocks.0/mlp/mlp.0');
  expect(scopeOf('/Concat_output_0')).toBe('');
  expect(scopeOf('blocks.3.attn.probs')).toBe('blocks.3.attn');
  const titles = scopesOf(graph, '').map(({ title }) => title);
  expect(titles).toContain('blocks.1/mlp/mlp.0');
  const softmax = scopesOf(graph, 'softmax').flatMap(({ values }) => values.map(({ name }) => name));
  expect(softmax).toEqual(['/blocks.0/Softmax_output_0', '/blocks.1/Softmax_output_0']);
  expect(scopesOf(graph, 'nothing like it')).toEqual([]);
});

it('knows what a value is made of, and what is made of it', () => {
  const { from, to } = neighbours(graph, '/blocks.0/Softmax_output_0');
  expect(from).toEqual(['/blocks.0/Mul_output_0']);
  expect(to).toEqual(['/blocks.0/MatMul_1_output_0']);
});

it('finds how tokens lie in a picture', () => {
  expect(gridOf(197, 1)).toEqual({ rows: 14, cols: 14, prefix: 1 });
  expect(gridOf(201, 1)).toEqual({ rows: 14, cols: 14, prefix: 5 });
  expect(gridOf(16, 1)).toEqual({ rows: 4, cols: 4, prefix: 0 });
  expect(gridOf(1 + 6 * 10, 10 / 6)).toEqual({ rows: 6, cols: 10, prefix: 1 });
  expect(gridOf(3, 1)).toBeUndefined();
});
