/** The classes of the networks' clips by their ids, in the order of their indices, as training/data/clips.py has them. */
export const MOTIONS = [
  'right',
  'left',
  'down',
  'up',
  'clockwise',
  'anticlockwise',
  'grows',
  'shrinks',
  'left-first',
  'right-first',
  'forward',
  'backward',
] as const;
export type Motion = (typeof MOTIONS)[number];

/** The five tasks that the classes fall into. */
export const TASKS = ['direction', 'turning', 'growing', 'first', 'time'] as const;
export type Task = (typeof TASKS)[number];
