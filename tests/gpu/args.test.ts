import { describe, expect, it } from 'vitest';
import { readGpuArgs } from './args.ts';

describe('the arguments of npm run gpu', () => {
  it('does everything for every model when nothing is said', () => {
    expect(readGpuArgs([])).toEqual({
      parts: ['parity', 'bench'],
      models: [],
      out: '.cache/gpu',
      write: false,
      software: false,
      help: false,
    });
  });

  it('takes parts, models and folders', () => {
    expect(
      readGpuArgs(['parity', '--model', 'mae', '--model', 'dit-tiny', '--out', 'x', '--write']),
    ).toMatchObject({
      parts: ['parity'],
      models: ['mae', 'dit-tiny'],
      out: 'x',
      write: true,
    });
    expect(readGpuArgs(['--pack', 'folder']).pack).toBe('folder');
  });

  it('says in a sentence what it does not know', () => {
    expect(() => readGpuArgs(['speed'])).toThrow(
      'there is no part called "speed": there are parity and bench',
    );
    expect(() => readGpuArgs(['--fast'])).toThrow(/Unknown option '--fast'; npm run gpu -- --help/);
    expect(() => readGpuArgs(['--pack'])).toThrow(/--pack/);
  });
});
