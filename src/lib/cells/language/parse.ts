import * as acorn from 'acorn';
import { full } from 'acorn-walk';
import { placeOf, type CellFault, type Place } from './faults.ts';
import { boundBy, freeNames, type FreeName } from './scopes.ts';

/** A name with the place of its first mention. */
export interface NamePlace extends Place {
  readonly name: string;
}

/** A cell as the language understands it. */
export interface ParsedCell {
  readonly code: string;
  /** The cell is one expression, whose value is shown; otherwise statements. */
  readonly expression: boolean;
  /** It waits for something: `await` outside of inner functions. */
  readonly waits: boolean;
  /** What it names for the others. */
  readonly names: readonly NamePlace[];
  /** What it reads of others, of the page or of the language. */
  readonly reads: readonly NamePlace[];
  /** Tensors it names in so many words: `tensor('probs')`. */
  readonly tensors: readonly NamePlace[];
  /** Fields it reads of `state`; undefined: of it as a whole, or not at all. */
  readonly fields: readonly string[] | undefined;
}

export type Parsed =
  | { readonly cell: ParsedCell; readonly fault?: undefined }
  | { readonly fault: CellFault; readonly cell?: undefined };

const OPTIONS = { ecmaVersion: 'latest', sourceType: 'module', allowAwaitOutsideFunction: true } as const;

/**
 * Reads a cell: JavaScript, either one expression or statements whose declarations at the top are its names, as in
 * Observable's Notebook Kit. An empty cell is an expression without a value.
 */
export function parseCell(code: string): Parsed {
  const at = (node: { start: number }) => placeOf(code, node.start);
  try {
    const expression = parseExpression(code);
    const root = expression ?? acorn.parse(code, OPTIONS);
    const refused = refusal(root);
    if (refused) return { fault: { kind: 'refused', ...refused.fault, ...at(refused.node) } };
    const free = freeNames(root);
    const assigned = free.find(isAssigned);
    if (assigned) return { fault: assignment(assigned.name, at(assigned.node)) };
    const names = expression ? [] : declared(root as acorn.Program);
    const place = (node: acorn.Identifier): NamePlace => ({ name: node.name, ...at(node) });
    return {
      cell: {
        code,
        expression: expression !== undefined,
        waits: waits(root),
        names: firsts(names.map(place)),
        reads: firsts(free.map(({ node }) => place(node))),
        tensors: firsts(
          free.flatMap((name) => literalOf(name, 'tensor')).map((n) => ({ name: n.value, ...at(n) })),
        ),
        fields: fieldsOf(free.filter(({ name }) => name === 'state')),
      },
    };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { fault: syntaxFault(code, error) };
  }
}

/** The whole text as one expression; undefined where it is none, or a named function or class, which is a declaration. */
function parseExpression(code: string): acorn.Expression | undefined {
  let node: acorn.Expression;
  try {
    node = acorn.parseExpressionAt(code, 0, OPTIONS);
  } catch {
    return undefined;
  }
  if ((node.type === 'FunctionExpression' || node.type === 'ClassExpression') && node.id) return undefined;
  for (const token of acorn.tokenizer(code.slice(node.end), OPTIONS))
    if (token.type !== acorn.tokTypes.parenR) return undefined;
  // Closing parentheses may belong to the expression: `(1)`. Too many of them are a syntax error of the program.
  const open = parens(code.slice(0, node.start)) + parens(code.slice(node.end));
  return open === 0 ? node : undefined;
}

function parens(text: string): number {
  let open = 0;
  for (const token of acorn.tokenizer(text, OPTIONS))
    if (token.type === acorn.tokTypes.parenL) open++;
    else if (token.type === acorn.tokTypes.parenR) open--;
  return open;
}

/** What the statements at the top declare. */
function declared(program: acorn.Program): acorn.Identifier[] {
  return program.body.flatMap((node) => {
    if (node.type === 'VariableDeclaration') return node.declarations.flatMap(({ id }) => boundBy(id));
    return node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration' ? [node.id] : [];
  });
}

function firsts(list: readonly NamePlace[]): NamePlace[] {
  return list.filter(({ name }, i) => list.findIndex((other) => other.name === name) === i);
}

/** `name('text')`: the text's node. */
function literalOf({ name, node, around }: FreeName, wanted: string): { value: string; start: number }[] {
  const call = around.at(-2);
  if (name !== wanted || call?.type !== 'CallExpression') return [];
  const { callee, arguments: args } = call as acorn.CallExpression;
  const [first] = args;
  if (callee !== node || args.length !== 1 || !first) return [];
  if (first.type === 'Literal' && typeof first.value === 'string')
    return [{ value: first.value, start: first.start }];
  if (first.type !== 'TemplateLiteral' || first.expressions.length > 0) return [];
  const text = first.quasis[0]?.value.cooked;
  return typeof text === 'string' ? [{ value: text, start: first.start }] : [];
}

/** The fields of `state` where all of its mentions are `state.field`. `state.set` reads nothing. */
function fieldsOf(mentions: readonly FreeName[]): string[] | undefined {
  const fields = mentions.map(({ node, around }) => {
    const member = around.at(-2);
    if (member?.type !== 'MemberExpression') return undefined;
    const { object, property, computed } = member as acorn.MemberExpression;
    return object === node && !computed && property.type === 'Identifier' ? property.name : undefined;
  });
  const known = fields.filter((field) => field !== undefined);
  if (mentions.length === 0 || known.length < fields.length) return undefined;
  return [...new Set(known)].filter((field) => field !== 'set');
}

function waits(root: acorn.Node): boolean {
  let found = false;
  const inner: acorn.Node[] = [];
  full(root, (node) => {
    if (/Function/.test(node.type)) inner.push(node);
  });
  full(root, (node) => {
    const waiting =
      node.type === 'AwaitExpression' ||
      (node.type === 'ForOfStatement' && (node as acorn.ForOfStatement).await);
    if (waiting && !inner.some(({ start, end }) => start <= node.start && node.end <= end)) found = true;
  });
  return found;
}

function isAssigned({ node, around }: FreeName): boolean {
  const parent = around.at(-2) ?? around.at(-1);
  if (parent?.type === 'UpdateExpression') return true;
  const assignment = around.findLast(({ type }) => type === 'AssignmentExpression') as
    acorn.AssignmentExpression | undefined;
  if (!assignment) return false;
  const left = assignment.left as acorn.Pattern;
  return boundBy(left).includes(node);
}

function assignment(name: string, place: Place): CellFault {
  return {
    kind: 'name',
    ...place,
    text: {
      en: `“${name}” is assigned but not declared in this cell. Write “const ${name} = …” or “let ${name} = …”; the value of another cell cannot be changed from here.`,
      zh: `本单元给“${name}”赋了值，却没有声明它。请写“const ${name} = …”或“let ${name} = …”；其他单元的值不能从这里改动。`,
    },
  };
}

function refusal(root: acorn.Node): { node: acorn.Node; fault: Pick<CellFault, 'text'> } | undefined {
  let found: { node: acorn.Node; fault: Pick<CellFault, 'text'> } | undefined;
  full(root, (node) => {
    if (/^(Import|Export)/.test(node.type))
      found ??= {
        node,
        fault: {
          text: {
            en: 'A cell can neither import nor export: it has no network. Plot, d3, html, svg and Inputs are there without an import, and what a cell names can be used by the others.',
            zh: '单元里不能用 import 和 export，因为单元没有网络。Plot、d3、html、svg 和 Inputs 不必导入就能用；一个单元命名的值，其他单元可以直接使用。',
          },
        },
      };
  });
  return found;
}

/** acorn's message without its "(line:column)", with the place. */
function syntaxFault(code: string, error: SyntaxError & { pos?: number }): CellFault {
  const message = error.message.replace(/ \(\d+:\d+\)$/, '');
  const place = placeOf(code, error.pos ?? 0);
  return {
    kind: 'syntax',
    ...place,
    text: {
      en: `This is not JavaScript yet: ${message}.`,
      zh: `这还不是合法的 JavaScript：${message}。`,
    },
  };
}
