import { expect, it } from 'vitest';
import { StoredAnswers, type Pruning } from './stored-answers.ts';

const pruning: Pruning = {
  ...{ side: 128, classes: ['a', 'b'], photos: '3 5 9', labels: '0 1 1', steps: [0, 0.1] },
  models: {
    one: { top1: [1, 0.6667, 0.3333, 0], answers: ['0 1 1', '0 1 0', '1 1 0', '1 0 0'] },
  },
};

it('right answers are counted by shares, the last stage’s fastest, and are what the file says', () => {
  const answers = new StoredAnswers(pruning, 'one');
  const all = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  expect(all.map((shares) => answers.right(shares))).toEqual([3, 2, 1, 0]);
  expect(all.map((shares) => Number(answers.top1(shares).toFixed(4)))).toEqual(pruning.models.one!.top1);
  expect(answers.count).toBe(3);
});

it('what is not stored is an error', () => {
  expect(() => new StoredAnswers(pruning, 'two')).toThrow('No answers of two');
  expect(() => new StoredAnswers(pruning, 'one').right([2, 1])).toThrow('No answers at 2, 1');
});
