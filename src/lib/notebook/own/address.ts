import { fromLink, type Corrected, type Value } from '#lib/own/page/corrected.ts';
import { fileName, settings } from '#lib/state/settings.ts';
import { LOOK, readLook, writeLook, type Look } from './look.ts';

/** A network of the reader's as a lesson's address names it. */
export interface Named {
  readonly name: string;
  /** Its file's name, for a sentence; empty where the address has none. */
  readonly file: string;
  /** What was corrected of what the file was taken for. */
  readonly as: Readonly<Record<string, Value>>;
  /** Where it is looked at; undefined: as a lesson begins. */
  readonly look: Look | undefined;
}

/** Reads the part of an address that `splitNetwork` has taken out; undefined where it names no network. */
export function readNetwork(network: string): Named | undefined {
  const query = new URLSearchParams(network);
  const name = query.get('m');
  if (name === null) return undefined;
  return {
    name,
    file: fileName().parse(query.get('file') ?? '') ?? '',
    as: settings().parse(query.get('as') ?? '') ?? {},
    look: readLook(query.get('on') ?? ''),
  };
}

/** The same part again, in the order it is read. */
export function writeNetwork({ name, file, as, look = LOOK }: Omit<Named, 'look'> & { look?: Look }): string {
  const query = new URLSearchParams({ m: name });
  if (file !== '') query.set('file', fileName().print(file));
  if (Object.keys(as).length > 0) query.set('as', settings().print(as));
  const on = writeLook(look);
  if (on !== writeLook(LOOK)) query.set('on', on);
  return query.toString();
}

/** What an address says was corrected, as a form takes it over. */
export const correctedIn = ({ as }: Named): Corrected => fromLink(as);
