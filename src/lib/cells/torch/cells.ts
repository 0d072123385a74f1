import * as acorn from 'acorn';
import { expression } from './expressions.ts';
import { NoLine, Scope, type Page } from './kinds.ts';
import { declaration, statement } from './statements.ts';

/** A cell's code. */
export interface Code {
  readonly code: string;
  /** The cell is one expression. */
  readonly expression: boolean;
}

/** Cells as lines of Python. */
export interface Translated {
  readonly lines: readonly string[];
  /** Pieces of JavaScript for which no line is known, as they are written, each once. */
  readonly without: readonly string[];
}

const OPTIONS = { ecmaVersion: 'latest', sourceType: 'module', allowAwaitOutsideFunction: true } as const;
/** Most characters of a piece that is quoted. */
const QUOTED = 60;

/**
 * Cells, those that are needed before those that need them, as Python over tensors of PyTorch. What has no counterpart
 * stands as a comment, and so does what needs it.
 * @param taken Python names that mean something already
 */
export function translated(cells: readonly Code[], page: Page, taken: ReadonlySet<string>): Translated {
  const scope = new Scope(undefined, taken);
  const lines: string[] = [];
  const without: string[] = [];
  cells.forEach(({ code, expression: whole }, k) => {
    const quote = ({ start, end }: acorn.Node) => {
      const text = code.slice(start, end).replace(/\s+/g, ' ');
      return text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text;
    };
    /** Lines, or why there are none. */
    const attempt = (node: acorn.Node, make: () => readonly string[]) => {
      try {
        lines.push(...make());
      } catch (error) {
        if (!(error instanceof NoLine)) throw error;
        const piece = quote(error.node);
        lines.push(`# no line for: ${quote(node)}`);
        if (!without.includes(piece)) without.push(piece);
      }
    };
    if (whole) {
      if (code.trim() === '') return;
      const node = acorn.parseExpressionAt(code, 0, OPTIONS);
      // The value of the last cell is what is asked for.
      const say = k === cells.length - 1 ? (text: string) => `result = ${text}` : undefined;
      if (say) attempt(node, () => [say(expression(node, scope, page).text)]);
      return;
    }
    for (const node of acorn.parse(code, OPTIONS).body) {
      if (node.type === 'VariableDeclaration')
        for (const one of node.declarations)
          attempt(one, () => declaration(one, scope, page, node.kind !== 'const'));
      else if (node.type === 'ImportDeclaration' || /^Export/.test(node.type)) continue;
      else attempt(node, () => statement(node as acorn.Statement, scope, page).lines);
    }
  });
  return { lines, without };
}
