import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of a tick in /proc (USER_HZ is 100 on every Linux that Node runs on). */
const TICK = 10;

/** User and system time of a process and all below it, ended ones included, milliseconds. Linux alone; elsewhere 0. */
export function processorTime(root: number): number {
  if (process.platform !== 'linux') return 0;
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
          .replace(/^.*\) /, '')
          .split(' ');
        const ticks = [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i]), 0);
        return [{ pid: Number(pid), parent: Number(fields[1]), ticks }];
      } catch {
        return []; // it ended while we looked
      }
    });
  const within = new Set([root]);
  for (let before = 0; before !== within.size;) {
    before = within.size;
    for (const { pid, parent } of stats) if (within.has(parent)) within.add(pid);
  }
  return TICK * stats.filter(({ pid }) => within.has(pid)).reduce((sum, { ticks }) => sum + ticks, 0);
}
