import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { allowedCores, onCore } from './cores.js';

describe('cores', () => {
  it('reads the list of cores that the system gives', () => {
    expect(allowedCores('Name:\tnode\nCpus_allowed_list:\t0-1,4\nMems_allowed:\t1\n')).toEqual([0, 1, 4]);
    expect(allowedCores('Cpus_allowed_list:\t3\n')).toEqual([3]);
    expect(allowedCores('')).toEqual([]);
  });

  it.runIf(process.platform === 'linux' && spawnSync('taskset', ['--version']).status === 0)(
    'a program on a core sees one, takes its arguments, and is followed by what it starts',
    () => {
      const program = onCore(process.execPath, 5);
      const say = 'console.log(os.availableParallelism(), process.argv[1])';
      const start = `child_process.spawnSync(process.execPath, ['-e', ${JSON.stringify(say)}, 'a b'], { stdio: 'inherit' })`;
      const { stdout } = spawnSync(program, ['-e', start], { encoding: 'utf8' });
      expect(stdout.trim()).toBe('1 a b');
    },
  );
});
