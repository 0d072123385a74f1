import { modulesBeside } from '#lib/base/folders.ts';
import { Fault } from '#lib/base/errors.ts';
import type { Program } from './program.ts';

interface Folder {
  readonly PROGRAM: Program;
}

const modules = import.meta.env
  ? import.meta.glob<Folder>('./*/program.ts', { eager: true })
  : await modulesBeside<Folder>(import.meta.url, 'program.ts');

/** Every program by its id, which is the name of its folder. */
export const PROGRAMS: ReadonlyMap<string, Program> = new Map(
  Object.values(modules).map(({ PROGRAM }) => [PROGRAM.id, PROGRAM]),
);

/** The program of that id. @throws Fault `run-failed` for an unknown one */
export function programOf(id: string): Program {
  const program = PROGRAMS.get(id);
  if (!program) throw new Fault('run-failed', { reason: `there is no program called "${id}"` });
  return program;
}
