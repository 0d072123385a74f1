import { SaidError } from './said-error.ts';

/** Where in a cell an error was thrown, from its stack, whose lines name the cell's code as `cell-ID-VERSION`. */
export function placeIn(
  error: unknown,
  source: string,
  offset: number,
): { readonly line: number; readonly column: number } | undefined {
  const stack = error instanceof Error ? error.stack : undefined;
  const at = stack?.indexOf(`${source}:`) ?? -1;
  const [, line, column] = /^:(\d+):(\d+)/.exec(stack?.slice(at + source.length) ?? '') ?? [];
  if (at < 0 || line === undefined) return undefined;
  // The function's head stands before the first line's own characters.
  return { line: Number(line), column: Math.max(1, Number(column) - (line === '1' ? offset : 0)) };
}

/** What an error says, whatever was thrown. One of ours is a sentence for itself. */
export function messageOf(error: unknown): string {
  if (error instanceof SaidError) return error.message;
  if (error instanceof Error) return error.message ? `${error.name}: ${error.message}` : error.name;
  try {
    return String(error);
  } catch {
    return 'something that cannot be said was thrown';
  }
}
