import { describe, expect, it } from 'vitest';
import { cellOperands, receptiveBox } from './cells.ts';
import { describe as describeGraph } from './describe.ts';
import { GraphError } from './errors.ts';
import { Graph } from './graph.ts';

function twoTensors(): { g: Graph; q: ReturnType<Graph['input']>; k: ReturnType<Graph['input']> } {
  const g = new Graph('test');
  return {
    g,
    q: g.input('blocks.0.attn.q', [1, 3, 197, 64], ['B', 'h', 'T', 'd']),
    k: g.input('blocks.0.attn.k', [1, 3, 197, 64], ['B', 'h', 'T', 'd']),
  };
}

const Q = 'blocks.0.attn.q [B=1, h=3, T=197, d=64]';
const K = 'blocks.0.attn.k [B=1, h=3, T=197, d=64]';

describe('what does not fit throws while it is built, naming both tensors and their shapes', () => {
  it('MatMul whose inner sizes differ', () => {
    const { g, q, k } = twoTensors();
    expect(() => g.matmul(q, k)).toThrow(
      new GraphError(`MatMul: ${Q} and ${K}: inner sizes 64 and 197 differ.`),
    );
  });

  it('MatMul of a vector', () => {
    const { g, q } = twoTensors();
    const bias = g.initializer('bias', [64], ['d']);
    expect(() => g.matmul(q, bias)).toThrow(`MatMul: ${Q} and bias [d=64]: both need 2 dimensions or more.`);
  });

  it('MatMul whose leading dimensions do not broadcast', () => {
    const { g, q } = twoTensors();
    const other = g.input('other', [1, 2, 64, 5], ['B', 'h', 'd', 'K']);
    expect(() => g.matmul(q, other)).toThrow(`${Q} and other [B=1, h=2, d=64, K=5]: the leading dimensions`);
  });

  it('Gemm of rows and weights that differ, and a bias of another size', () => {
    const { g } = twoTensors();
    const x = g.input('x', [197, 192], ['T', 'D']);
    const w = g.initializer('head.weight', [10, 192], ['K', 'D']);
    const v = g.initializer('v', [10, 191], ['K', 'D']);
    const b = g.initializer('head.bias', [9], ['K']);
    expect(() => g.gemm(x, v)).toThrow(
      'Gemm: x [T=197, D=192] and v [K=10, D=191]: inner sizes 192 and 191 differ.',
    );
    expect(() => g.gemm(x, w, b)).toThrow(
      'Gemm: head.weight [K=10, D=192] and head.bias [K=9]: the bias needs 10',
    );
  });

  it('Add of sizes that do not broadcast', () => {
    const { g, q } = twoTensors();
    const pos = g.initializer('pos_embed', [1, 196, 64], ['1', 'N', 'd']);
    expect(() => g.add(q, pos)).toThrow(
      `Add: ${Q} and pos_embed [1, N=196, d=64]: sizes 197 and 196 of dimension 2 differ and neither is 1.`,
    );
  });

  it('LayerNormalization with a weight of another width', () => {
    const { g, q } = twoTensors();
    const weight = g.initializer('norm.weight', [32], ['D']);
    expect(() => g.layerNorm(q, weight, undefined, 1e-6)).toThrow(
      `${Q} and norm.weight [D=32]: weight and bias`,
    );
  });

  it('Reshape to another number of values', () => {
    const { g, q } = twoTensors();
    expect(() => g.reshape(q, [1, 197, 190], ['B', 'T', 'D'])).toThrow(
      `Reshape: ${Q}: 37824 values do not fill [1, 197, 190].`,
    );
  });

  it('Concat, Slice, Split, Gather, Transpose and Expand out of bounds', () => {
    const { g, q, k } = twoTensors();
    const odd = g.input('odd', [1, 3, 5, 63], ['B', 'h', 'T', 'd']);
    expect(() => g.concat([k, odd], 2)).toThrow(`Concat: ${K} and odd [B=1, h=3, T=5, d=63]`);
    expect(() => g.slice(q, 2, 190, 198)).toThrow('dimension 2 has no range 190 to 198');
    expect(() => g.split(q, 3, [32, 31])).toThrow('parts of 32, 31 do not make up dimension 3');
    expect(() => g.gather(q, 1, 3)).toThrow('an index lies outside dimension 1');
    expect(() => g.transpose(q, [0, 1, 2])).toThrow('is not an order of its 4 dimensions');
    expect(() => g.expand(q, [2, 3, 197, 65], ['B', 'h', 'T', 'd'])).toThrow(
      'does not repeat to [2, 3, 197, 65]',
    );
    expect(() => g.softmax(q, 4)).toThrow('axis 4 does not exist in 4 dimensions');
  });

  it('Conv with channels that do not fit', () => {
    const { g } = twoTensors();
    const x = g.input('x', [1, 3, 8, 8], ['B', 'C', 'H', 'W']);
    const w = g.initializer('w', [4, 2, 3, 3], ['D', 'C', 'k', 'k']);
    expect(() => g.conv(x, w, undefined)).toThrow('Conv: x [B=1, C=3, H=8, W=8] and w [D=4, C=2, k=3, k=3]');
  });

  it('mixed element types', () => {
    const { g, q, k } = twoTensors();
    expect(() => g.add(q, g.cast(k, 'float16'))).toThrow('element types float32 and float16 differ');
  });
});

describe('names', () => {
  it('are unique', () => {
    const { g, q } = twoTensors();
    expect(() => g.identity(q, 'blocks.0.attn.k')).toThrow('test already has a tensor blocks.0.attn.k.');
  });

  it('that are unknown are refused', () => {
    const { g } = twoTensors();
    expect(() => g.value('blocks.9')).toThrow('test has no tensor blocks.9.');
  });

  it('of another graph are refused', () => {
    const { g } = twoTensors();
    const { q } = twoTensors();
    expect(() => g.identity(q)).toThrow('is of another graph');
  });

  it('of dimensions follow the operations', () => {
    const { g, q, k } = twoTensors();
    const scores = g.matmul(q, g.transpose(k, [0, 1, 3, 2]), 'scores');
    expect(scores.dims).toEqual(['B', 'h', 'T', 'T']);
    const one = g.input('gate', [1, 3, 1, 1], ['1', 'h', '1', '1']);
    expect(g.mul(scores, one).dims).toEqual(['B', 'h', 'T', 'T']);
    expect(g.mul(one, scores).dims).toEqual(['B', 'h', 'T', 'T']);
    expect(g.mean(scores, [-1], false).dims).toEqual(['B', 'h', 'T']);
  });

  it('list inputs and named results, not weights or helpers', () => {
    const { g, q, k } = twoTensors();
    g.initializer('w', [1], ['1']);
    g.add(g.mul(q, k), k, 'sum');
    expect(g.tensorNames()).toEqual(['blocks.0.attn.q', 'blocks.0.attn.k', 'sum']);
  });
});

describe('describe', () => {
  it('gives helpers’ work and weights to the named tensor they serve, each once', () => {
    const g = new Graph('test');
    const x = g.input('x', [5, 4], ['T', 'D']);
    const w = g.initializer('w', [3, 4], ['M', 'D']);
    const b = g.initializer('b', [3], ['M']);
    const y = g.add(g.matmul(x, g.transpose(w, [1, 0])), b, 'y');
    g.add(y, b, 'z');
    const d = describeGraph(g);
    expect(d.tensors.map((t) => [t.name, t.macs, t.parameters, t.bytes, t.op])).toEqual([
      ['x', 0, 0, 80, 'Input'],
      ['y', 60, 15, 60, 'MatMul'],
      ['z', 0, 0, 60, 'Add'],
    ]);
    expect([d.parameters, d.macs, d.bytes]).toEqual([15, 60, 200]);
    expect(d.weights).toEqual([
      { name: 'w', shape: [3, 4], dims: ['M', 'D'], parameters: 12 },
      { name: 'b', shape: [3], dims: ['M'], parameters: 3 },
    ]);
  });
});

describe('cellOperands', () => {
  it('follows helpers back to named tensors and weights, and leaves constants out', () => {
    const { g, q, k } = twoTensors();
    g.mul(g.matmul(q, g.transpose(k, [0, 1, 3, 2])), g.scalar(1 / 8), 'scores');
    expect(cellOperands(g, 'scores', [0, 2, 17, 40])).toEqual([
      {
        name: 'blocks.0.attn.q',
        kind: 'input',
        ranges: [
          [0, 1],
          [2, 3],
          [17, 18],
          [0, 64],
        ],
      },
      {
        name: 'blocks.0.attn.k',
        kind: 'input',
        ranges: [
          [0, 1],
          [2, 3],
          [40, 41],
          [0, 64],
        ],
      },
    ]);
  });

  it('says a tensor once when it is read twice in the same place, and not at all when it is an input', () => {
    const { g, q } = twoTensors();
    g.mul(q, g.sigmoid(q), 'silu');
    expect(cellOperands(g, 'silu', [0, 0, 0, 0])).toHaveLength(1);
    expect(cellOperands(g, 'blocks.0.attn.q', [0, 0, 0, 0])).toEqual([]);
  });

  it('takes the doc’s own rule where there is one', () => {
    const { g, q } = twoTensors();
    const rule = { name: 'elsewhere', kind: 'input' as const, ranges: [] };
    g.identity(q, { name: 'y', doc: { title: { en: 'y', zh: 'y' }, cell: () => [rule] } });
    expect(cellOperands(g, 'y', [0, 0, 0, 0])).toEqual([rule]);
  });

  it('refuses a cell that is not there', () => {
    const { g } = twoTensors();
    expect(() => cellOperands(g, 'blocks.0.attn.q', [0, 3, 0, 0])).toThrow(
      `There is no cell [0, 3, 0, 0] in ${Q}.`,
    );
    expect(() => cellOperands(g, 'blocks.0.attn.q', [0])).toThrow('There is no cell [0]');
  });
});

describe('receptiveBox', () => {
  /** Two paths from a row of ten: one moves by one place, the other takes the middle of three; then they meet. */
  function twoPaths() {
    const g = new Graph('paths');
    const x = g.input('x', [1, 1, 1, 10], ['B', 'C', 'H', 'W']);
    const kernel = (name: string, size: number) => g.initializer(name, [1, 1, 1, size], ['D', 'C', '1', 'k']);
    const near = g.conv(x, kernel('near', 3), undefined, { pads: [0, 1, 0, 1] }, 'near.out');
    const far = g.conv(near, kernel('far', 5), undefined, { pads: [0, 2, 0, 2] });
    g.add(near, far, 'y');
    g.input('z', [1], ['1']);
    return g;
  }

  it('holds what every path reads, and ends where the input ends', () => {
    const g = twoPaths();
    const across = (name: string, i: number) => receptiveBox(g, name, [0, 0, 0, i], 'x')?.[3];
    expect(across('near.out', 5)).toEqual([4, 7]);
    expect(across('y', 5)).toEqual([2, 9]);
    expect(across('y', 0)).toEqual([0, 4]);
    expect(receptiveBox(g, 'y', [0, 0, 0, 5], 'far')).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
      [0, 5],
    ]);
  });

  it('is undefined for what a cell does not depend on, and itself for an input', () => {
    const g = twoPaths();
    expect(receptiveBox(g, 'y', [0, 0, 0, 5], 'z')).toBeUndefined();
    expect(receptiveBox(g, 'x', [0, 0, 0, 5], 'x')?.[3]).toEqual([5, 6]);
    expect(() => receptiveBox(g, 'y', [0, 0, 0, 10], 'x')).toThrow('There is no cell');
  });
});
