import { erf } from '#lib/analysis/erf.ts';
import { Graph } from '#lib/graph/graph.ts';

export { erf };

/**
 * A graph of the operations a transformer lives on, with the numbers that must come out, computed here in float64.
 * A device that gets them wrong is not used.
 */
export interface SelfCheck {
  readonly graph: Graph;
  readonly outputs: readonly string[];
  readonly input: { readonly name: string; readonly shape: readonly number[]; readonly data: Float32Array };
  /** Right answers by output name, row-major. */
  readonly expected: Readonly<Record<string, Float64Array>>;
}

// Sizes that are multiples of nothing, so that vector code meets its remainders.
const ROWS = 19;
const WIDTH = 26;
const COLUMNS = 33;
const EPS = 1e-6;

/** Spread over [-1, 1] without a pattern a wrong index could hit by luck. */
function numbers(count: number, seed: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.sin(1.7 * seed + 0.61 * i + 0.037 * i * i));
}

/** The self-check: `matmul` → `softmax`, `layernorm` → `erf`, each an output of its own. */
export function selfCheck(): SelfCheck {
  const data = numbers(ROWS * WIDTH, 1);
  const weights = numbers(WIDTH * COLUMNS, 2);
  const gain = numbers(COLUMNS, 3);
  const bias = numbers(COLUMNS, 4);

  const graph = new Graph('self-check');
  const x = graph.input('x', [1, ROWS, WIDTH], ['B', 'T', 'D']);
  const product = graph.matmul(x, graph.constant(weights, [WIDTH, COLUMNS]), 'matmul');
  graph.softmax(product, -1, 'softmax');
  const norm = graph.layerNorm(
    product,
    graph.constant(gain, [COLUMNS]),
    graph.constant(bias, [COLUMNS]),
    EPS,
    'layernorm',
  );
  graph.erf(norm, 'erf');

  const matmul = new Float64Array(ROWS * COLUMNS);
  for (let r = 0; r < ROWS; r++) {
    for (let c = 0; c < COLUMNS; c++) {
      let sum = 0;
      for (let k = 0; k < WIDTH; k++) sum += data[r * WIDTH + k]! * weights[k * COLUMNS + c]!;
      matmul[r * COLUMNS + c] = sum;
    }
  }
  const softmax = byRow(matmul, (row) => {
    const top = Math.max(...row);
    const e = row.map((v) => Math.exp(v - top));
    const total = e.reduce((a, b) => a + b);
    return e.map((v) => v / total);
  });
  const layernorm = byRow(matmul, (row) => {
    const mean = row.reduce((a, b) => a + b) / COLUMNS;
    const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / COLUMNS;
    return row.map((v, i) => ((v - mean) / Math.sqrt(variance + EPS)) * gain[i]! + bias[i]!);
  });
  return {
    graph,
    outputs: ['matmul', 'softmax', 'layernorm', 'erf'],
    input: { name: 'x', shape: [1, ROWS, WIDTH], data },
    expected: { matmul, softmax, layernorm, erf: layernorm.map(erf) },
  };
}

function byRow(values: Float64Array, rule: (row: number[]) => number[]): Float64Array {
  const out = new Float64Array(values.length);
  for (let r = 0; r < ROWS; r++)
    out.set(rule([...values.subarray(r * COLUMNS, (r + 1) * COLUMNS)]), r * COLUMNS);
  return out;
}

/** max |Δ| of what a device computed against the known answers; Infinity for a missing or misshapen tensor or NaN. */
export function farthest(
  expected: SelfCheck['expected'],
  got: (name: string) => Float32Array | undefined,
): number {
  let worst = 0;
  for (const [name, right] of Object.entries(expected)) {
    const values = got(name);
    if (values?.length !== right.length) return Infinity;
    for (let i = 0; i < right.length; i++) {
      const off = Math.abs(values[i]! - right[i]!);
      if (!(off <= worst)) worst = Number.isNaN(off) ? Infinity : off;
    }
  }
  return worst;
}
