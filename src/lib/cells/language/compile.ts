import type { ParsedCell } from './parse.ts';

/** A cell as the sandbox runs it. */
export interface CompiledCell {
  /** The text of a function of `inputs`; its lines are the cell's lines. */
  readonly body: string;
  /** Names that the function takes, in order. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Tensors that must be there before it runs, named in so many words. */
  readonly tensors: readonly string[];
  /** Fields of the page's state on which it depends; undefined: on all, if it reads `state`. */
  readonly fields: readonly string[] | undefined;
  /** Its value is shown by itself. */
  readonly shows: boolean;
  /** Characters before the first of the cell's own on its first line, for the columns of errors. */
  readonly offset: number;
}

/**
 * @param isValue whether a name comes from another cell or from the page; the others are globals
 */
export function compileCell(cell: ParsedCell, isValue: (name: string) => boolean): CompiledCell {
  const inputs = cell.reads.map(({ name }) => name).filter(isValue);
  const outputs = cell.names.map(({ name }) => name);
  const head = `${cell.waits ? 'async ' : ''}(${inputs.join(', ')}) => { "use strict"; ${cell.expression ? 'return (' : ''}`;
  const empty = cell.expression && cell.code.trim() === '';
  const tail = cell.expression ? `\n) }` : `\n; return {${outputs.join(', ')}}; }`;
  return {
    body: empty ? '() => undefined' : head + cell.code + tail,
    inputs,
    outputs,
    tensors: cell.tensors.map(({ name }) => name),
    fields: cell.fields,
    shows: cell.expression && !empty && !inputs.includes('display') && !inputs.includes('view'),
    offset: head.length,
  };
}
