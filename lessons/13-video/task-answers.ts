import { LABELS } from './model.ts';
import type { Task } from './motions.ts';

/** A class with its probability among some classes. */
export interface Share {
  readonly id: string;
  readonly index: number;
  readonly part: number;
}

/** Indices of a task's classes, in their order; of all classes without one. */
export function classesOf(task: Task | undefined): readonly number[] {
  return LABELS.flatMap(({ group }, index) => (task === undefined || group === task ? [index] : []));
}

/** The task of a class; undefined for one that is none. */
export function taskOf(motion: string | undefined): Task | undefined {
  return LABELS.find(({ id }) => id === motion)?.group as Task | undefined;
}

/** Part of clips that a guess names rightly: one over the classes of the task; without one the mean over the tasks. */
export function chanceOf(task: Task | 'mean'): number {
  if (task !== 'mean') return 1 / classesOf(task).length;
  const tasks = [...new Set(LABELS.map(({ group }) => group))] as Task[];
  return tasks.reduce((sum, one) => sum + chanceOf(one), 0) / tasks.length;
}

/**
 * Probabilities of some classes among themselves, the largest first.
 * @param probs one for each of all classes
 */
export function sharesOf(probs: ArrayLike<number>, classes: readonly number[]): readonly Share[] {
  const total = classes.reduce((sum, index) => sum + (probs[index] ?? 0), 0);
  return classes
    .map((index) => ({ id: LABELS[index]?.id ?? '', index, part: (probs[index] ?? 0) / total }))
    .sort((a, b) => b.part - a.part);
}
