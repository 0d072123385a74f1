import { expect, it } from 'vitest';
import type { FromTraining } from './messages.ts';
import { TrainingWork, type Trained, type Training } from './work.ts';

/** Counts its steps; a step's loss is its number, what is seen are the steps made and what was asked. */
class Counting implements Training {
  made = 0;
  readonly steps: number;
  constructor(steps: number) {
    this.steps = steps;
  }
  get done() {
    return this.made >= this.steps;
  }
  step() {
    return ++this.made;
  }
}
interface Seen {
  readonly made: number;
  readonly look: string;
}
const counting: Trained<number, string, Seen, Counting> = {
  begin: (steps) => new Counting(steps),
  see: ({ made }, look) => ({ made, look }),
  between: 95,
};

/** A clock that goes on by 10 ms with every look at it. */
const clock = () => {
  let now = 0;
  return () => (now += 10);
};
const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await Promise.resolve();
};

it('trains in stretches, says the mean loss of each, looks now and then and at the end', async () => {
  const said: FromTraining<Seen>[] = [];
  const work = new TrainingWork(
    counting,
    (m) => said.push(m),
    () => Promise.resolve(),
    clock(),
  );
  work.hear({ type: 'begin', spec: 20, look: 'a' });
  await turns(10);
  expect(said).toEqual([{ type: 'looked', looked: { made: 0, look: 'a' } }]);
  work.hear({ type: 'run' });
  await turns(200);
  const progress = said.filter((m) => m.type === 'progress');
  // Four steps of 10 ms are a stretch of 40 ms.
  expect(progress.map(({ step }) => step)).toEqual([4, 8, 12, 16, 20]);
  expect(progress.map(({ loss }) => loss)).toEqual([2.5, 6.5, 10.5, 14.5, 18.5]);
  const looks = said.flatMap((m) => (m.type === 'looked' ? [m.looked.made] : []));
  expect(looks.at(-1)).toBe(20);
  // Not after every stretch: a look at least 95 ms after the one before.
  expect(looks.length).toBeLessThan(1 + progress.length);
  expect(said.at(-1)).toEqual({ type: 'done' });
});

it('whoever pauses or asks for something else is shown it at once', async () => {
  const said: FromTraining<Seen>[] = [];
  const work = new TrainingWork(
    counting,
    (m) => said.push(m),
    () => new Promise((done) => setTimeout(done)),
    clock(),
  );
  work.hear({ type: 'begin', spec: 1e6, look: 'a' });
  work.hear({ type: 'run' });
  await new Promise((done) => setTimeout(done, 30));
  work.hear({ type: 'pause' });
  await new Promise((done) => setTimeout(done, 10));
  const made = said.reduce((most, m) => (m.type === 'progress' ? Math.max(most, m.step) : most), 0);
  expect(made).toBeGreaterThan(0);
  expect(said.at(-1)).toEqual({ type: 'looked', looked: { made, look: 'a' } });
  work.hear({ type: 'look', look: 'b' });
  await new Promise((done) => setTimeout(done, 10));
  expect(said.at(-1)).toEqual({ type: 'looked', looked: { made, look: 'b' } });
});
