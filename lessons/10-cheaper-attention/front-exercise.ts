import { otherOrder, type Mistake } from '#lib/notebook/mistakes.ts';
import { frontOf } from './share-search.ts';

/** Choices with their cost in millions of multiply-adds and their right answers of 200, and a budget in the same unit. */
export interface FrontCase {
  readonly choices: readonly { readonly cost: number; readonly score: number }[];
  readonly budget: number;
}

const choices = (...pairs: readonly (readonly [cost: number, score: number])[]) =>
  pairs.map(([cost, score]) => ({ cost, score }));

export const FRONT_CASES: readonly FrontCase[] = [
  { choices: choices([120, 84], [150, 96], [180, 96], [210, 104], [260, 103]), budget: 190 },
  { choices: choices([110, 80], [140, 78], [170, 92], [230, 99], [250, 99], [300, 106]), budget: 240 },
  { choices: choices([130, 88], [160, 90], [160, 94], [220, 93], [280, 101]), budget: 225 },
];

/** How many of the choices lie on the Pareto front, and the most right answers that the budget allows. */
export function frontTask({ choices: all, budget }: FrontCase) {
  const front = frontOf(all);
  const allowed = all.filter(({ cost }) => cost <= budget);
  const best = Math.max(...allowed.map(({ score }) => score));
  const answer = [front.length, best];
  const mistakes: readonly Mistake[] = [
    otherOrder(answer),
    {
      when: ([, right]) => right === Math.max(...all.map(({ score }) => score)) && right !== best,
      say: {
        en: 'That choice costs more than the budget: the search rejects it without running the network.',
        zh: '这个组合超出了预算：搜索会直接舍弃它，不运行网络。',
      },
    },
    {
      when: ([count]) => count === frontOf(allowed).length && count !== front.length,
      say: {
        en: 'The front is that of all choices. The budget only says how far along it one may go.',
        zh: '前沿是对所有组合而言的。预算只决定可以沿着它走多远。',
      },
    },
    {
      when: ([count]) => count === all.length && count !== front.length,
      say: {
        en: 'Not every choice is on the front: look for one that costs no more than another and has at least as many right.',
        zh: '不是每个组合都在前沿上：看看有没有别的组合开销不比它大，答对的也不比它少。',
      },
    },
    {
      when: ([count]) => count === 1,
      say: {
        en: 'The cheapest and the best are both on the front: neither is beaten in both things at once.',
        zh: '开销最小的和答对最多的都在前沿上：没有别的组合能同时在两方面胜过它们。',
      },
    },
    {
      when: ([count]) => count === weakFront(all) && count !== front.length,
      say: {
        en: 'A choice that is as good as a cheaper one, or as cheap as a better one, is beaten too.',
        zh: '与开销更小的组合答对得一样多，或者与答对更多的组合开销相同，也算被胜过。',
      },
    },
  ];
  return { answer, mistakes };
}

/** Choices that no other beats in both things at once: those with an equal in one thing count as well. */
const weakFront = (all: FrontCase['choices']) =>
  all.filter((a) => !all.some((b) => b.cost < a.cost && b.score > a.score)).length;
