import type { Text } from '#lib/base/lang.ts';
import type { Task } from '../motions.ts';

/** What the tasks are called. */
export const TASK_NAMES: Readonly<Record<Task, Text>> = {
  direction: { en: 'direction', zh: '方向' },
  turning: { en: 'turning', zh: '转动' },
  growing: { en: 'size', zh: '大小' },
  first: { en: 'which first', zh: '谁先动' },
  time: { en: 'forward or backward', zh: '正放或倒放' },
};
