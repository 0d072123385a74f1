import { Fault } from '#lib/base/errors.ts';
import type { Program } from './program.ts';

interface Folder {
  readonly PROGRAM: Program;
}

async function fromFolders(): Promise<Record<string, Folder>> {
  const { readdirSync, existsSync } = await import('node:fs');
  const here = new URL('.', import.meta.url);
  const names = readdirSync(here).filter((name) => existsSync(new URL(`${name}/program.ts`, here)));
  const modules = await Promise.all(
    names.map(
      (name) => import(/* @vite-ignore */ new URL(`${name}/program.ts`, here).href) as Promise<Folder>,
    ),
  );
  return Object.fromEntries(names.map((name, i) => [name, modules[i]!]));
}

const modules = import.meta.env
  ? import.meta.glob<Folder>('./*/program.ts', { eager: true })
  : await fromFolders();

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
