import type { CellFault } from '../language/faults.ts';

/** The code with the name at the fault's place replaced by the one that was meant; inside quotes, the whole text of them. */
export function withMeant(code: string, fault: CellFault, name: string): string {
  if (fault.line === undefined || fault.column === undefined) return code;
  const lines = code.split('\n');
  const line = lines[fault.line - 1] ?? '';
  const before = line.slice(0, fault.column - 1);
  const rest = line.slice(fault.column - 1);
  const quoted = /^(['"`])((?:(?!\1).)*)\1/.exec(rest);
  const made = quoted
    ? `${quoted[1] ?? ''}${name}${quoted[1] ?? ''}${rest.slice(quoted[0].length)}`
    : rest.replace(/^[\w$]+/, name);
  lines[fault.line - 1] = before + made;
  return lines.join('\n');
}
