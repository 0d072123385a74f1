import { are, type Mistake } from '#lib/notebook/mistakes.ts';

/** One query, three keys of two numbers, and three values of one. */
export interface LinearCase {
  readonly q: readonly [number, number];
  readonly k: readonly (readonly [number, number])[];
  readonly v: readonly number[];
}

/** Worked out on paper: every result is a whole number. */
export const LINEAR_CASES: readonly LinearCase[] = [
  {
    q: [2, -1],
    k: [
      [1, 2],
      [3, -1],
      [-2, 1],
    ],
    v: [5, 1, 4],
  },
  {
    q: [1, 2],
    k: [
      [2, -3],
      [0, 1],
      [-1, 1],
    ],
    v: [3, 6, 3],
  },
  {
    q: [-3, 1],
    k: [
      [4, 1],
      [-1, 2],
      [2, 1],
    ],
    v: [2, 8, 6],
  },
];

const relu = (x: number): number => Math.max(x, 0);
const same = (x: number): number => x;

/** φ(K)ᵀV, one column of two numbers, φ(q) times it, and Z, for any φ. */
function steps({ q, k, v }: LinearCase, phi: (x: number) => number) {
  const kv = [0, 1].map((c) => k.reduce((sum, key, j) => sum + phi(key[c as 0 | 1]) * v[j]!, 0));
  const sums = [0, 1].map((c) => k.reduce((sum, key) => sum + phi(key[c as 0 | 1]), 0));
  const dot = (a: readonly number[]) => phi(q[0]) * a[0]! + phi(q[1]) * a[1]!;
  return { kv, above: dot(kv), Z: dot(sums) };
}

/** The two numbers of φ(K)ᵀV and the output of the query, and the usual ways to miss them. */
export function linearTask(asked: LinearCase): {
  readonly answer: readonly number[];
  readonly above: number;
  readonly Z: number;
  readonly mistakes: readonly Mistake[];
} {
  const { kv, above, Z } = steps(asked, relu);
  const raw = steps(asked, same);
  const answer = [...kv, above / Z];
  return {
    answer,
    above,
    Z,
    mistakes: [
      {
        when: (given) => are(given.slice(0, 2), raw.kv),
        say: {
          en: 'You have multiplied the keys as they are. φ makes every negative number of query and key 0 first.',
          zh: '你直接用了原来的键。φ 要先把查询和键里的负数都变成 0。',
        },
      },
      {
        when: (given) => are(given, [...kv, above]),
        say: {
          en: 'The small matrix is right, and the query times it too. The output is divided by Z, the sum of the weights.',
          zh: '小矩阵是对的，它与查询的乘积也对。输出还要除以 Z，即权重之和。',
        },
      },
      {
        when: (given) => are(given, [...kv, above / asked.k.length], 0.01),
        say: {
          en: 'You have divided by the number of tokens. Z is φ(q) times the sum of all φ(k).',
          zh: '你除以了词元数。Z 等于 φ(q) 乘以所有 φ(k) 之和。',
        },
      },
    ],
  };
}
