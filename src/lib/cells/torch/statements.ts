import type * as acorn from 'acorn';
import { expression } from './expressions.ts';
import {
  asInt,
  bound,
  elementOf,
  held,
  INT,
  named,
  NoLine,
  Scope,
  UNKNOWN,
  type Kind,
  type Page,
} from './kinds.ts';

/** Lines of Python, and what a `return` among them gives. */
interface Lines {
  readonly lines: readonly string[];
  readonly gives?: Kind | undefined;
}
const indented = (lines: readonly string[]): string[] => lines.map((line) => `    ${line}`);
const isFunction = (node: acorn.Node): node is acorn.ArrowFunctionExpression | acorn.FunctionExpression =>
  node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression';

/**
 * What one declaration says: `const name = …`. Functions become `def`; a function that is called at once becomes one
 * that is called once.
 * @throws NoLine
 */
export function declaration(
  node: acorn.VariableDeclarator,
  scope: Scope,
  page: Page,
  changes = false,
): string[] {
  const { id, init } = node;
  if (!init) {
    if (id.type !== 'Identifier') throw new NoLine(node);
    return [`${scope.declare(id.name, UNKNOWN)} = None`];
  }
  const bare = init.type === 'AwaitExpression' ? init.argument : init;
  if (isFunction(bare) && id.type === 'Identifier') return definition(id.name, bare, scope, page);
  if (bare.type === 'CallExpression' && isFunction(bare.callee) && bare.arguments.length === 0) {
    const { lines, gives = UNKNOWN } = body(bare.callee, scope, page);
    if (id.type !== 'Identifier') throw new NoLine(node);
    const made = `make_${id.name}`;
    return [
      `def ${named(made)}():`,
      ...indented(lines),
      `${scope.declare(id.name, gives)} = ${named(made)}()`,
    ];
  }
  const value = expression(init, scope, page);
  // A name for what is called so already.
  if (id.type === 'Identifier' && value.text === named(id.name) && !changes) {
    scope.set(id.name, value);
    return [];
  }
  // What can change has no value that is known, and may not stay whole.
  const kind: Kind = changes && value.kind.is === 'int' ? { is: 'number' } : value.kind;
  const names = bound(id, kind, scope, changes ? undefined : value.known).replace(/^\((.*)\)$/, '$1');
  return [`${names} = ${value.text}`];
}

function definition(
  name: string,
  fn: acorn.ArrowFunctionExpression | acorn.FunctionExpression,
  scope: Scope,
  page: Page,
): string[] {
  const inner = new Scope(scope);
  const params = fn.params.map((param) => {
    if (param.type !== 'Identifier') throw new NoLine(param);
    return inner.declare(param.name, UNKNOWN);
  });
  const { lines, gives = UNKNOWN } = inside(fn, inner, page);
  return [`def ${scope.declare(name, { is: 'function', gives })}(${params.join(', ')}):`, ...indented(lines)];
}
const body = (
  fn: acorn.ArrowFunctionExpression | acorn.FunctionExpression,
  scope: Scope,
  page: Page,
): Lines => inside(fn, new Scope(scope), page);

function inside(
  fn: acorn.ArrowFunctionExpression | acorn.FunctionExpression,
  scope: Scope,
  page: Page,
): Lines {
  if (fn.body.type !== 'BlockStatement') {
    const value = expression(fn.body, scope, page);
    return { lines: [`return ${value.text}`], gives: value.kind };
  }
  return block(fn.body.body, scope, page);
}

function block(nodes: readonly acorn.Statement[], scope: Scope, page: Page): Lines {
  const made = nodes.map((node) => statement(node, scope, page));
  return {
    lines: made.length === 0 ? ['pass'] : made.flatMap(({ lines }) => lines),
    gives: made.findLast(({ gives }) => gives !== undefined)?.gives,
  };
}
const nested = (node: acorn.Statement, scope: Scope, page: Page): Lines =>
  block(node.type === 'BlockStatement' ? node.body : [node], scope, page);

/** One statement. @throws NoLine */
export function statement(node: acorn.Statement, scope: Scope, page: Page): Lines {
  switch (node.type) {
    case 'VariableDeclaration':
      return {
        lines: node.declarations.flatMap((one) => declaration(one, scope, page, node.kind !== 'const')),
      };
    case 'FunctionDeclaration':
      throw new NoLine(node);
    case 'ReturnStatement': {
      if (!node.argument) return { lines: ['return'] };
      const value = expression(node.argument, scope, page);
      return { lines: [`return ${value.text}`], gives: value.kind };
    }
    case 'ExpressionStatement':
      return doing(node.expression, scope, page);
    case 'IfStatement': {
      const then = nested(node.consequent, scope, page);
      const otherwise = node.alternate ? nested(node.alternate, scope, page) : undefined;
      return {
        lines: [
          `if ${expression(node.test, scope, page).text}:`,
          ...indented(then.lines),
          ...(otherwise ? ['else:', ...indented(otherwise.lines)] : []),
        ],
        gives: then.gives ?? otherwise?.gives,
      };
    }
    case 'ForStatement':
      return counted(node, scope, page);
    case 'ForOfStatement': {
      const [declared] = node.left.type === 'VariableDeclaration' ? node.left.declarations : [];
      if (!declared || node.await) throw new NoLine(node);
      const list = expression(node.right, scope, page);
      const names = bound(declared.id, elementOf(list.kind), scope);
      return { lines: [`for ${names} in ${list.text}:`, ...indented(nested(node.body, scope, page).lines)] };
    }
    case 'ContinueStatement':
      return { lines: ['continue'] };
    case 'BreakStatement':
      return { lines: ['break'] };
    default:
      throw new NoLine(node);
  }
}

/** `for (let i = a; i < b; i++)` is a range, upward or downward. */
function counted(node: acorn.ForStatement, scope: Scope, page: Page): Lines {
  const { init, test, update } = node;
  const [counter, more] = init?.type === 'VariableDeclaration' ? init.declarations : [];
  if (
    counter?.id.type !== 'Identifier' ||
    !counter.init ||
    more ||
    test?.type !== 'BinaryExpression' ||
    update?.type !== 'UpdateExpression'
  )
    throw new NoLine(node);
  const { name } = counter.id;
  if (test.left.type !== 'Identifier' || test.left.name !== name) throw new NoLine(node);
  const from = asInt(expression(counter.init, scope, page));
  const end = expression(test.right, scope, page);
  const up = update.operator === '++';
  if (![up ? '<' : '>', up ? '<=' : '>='].includes(test.operator)) throw new NoLine(node);
  const open = !test.operator.endsWith('=');
  const to = open ? asInt(end) : `${held({ ...end, text: asInt(end) }, 1)} ${up ? '+' : '-'} 1`;
  const start = up && from === '0' ? '' : `${from}, `;
  const i = scope.declare(name, INT);
  return {
    lines: [
      `for ${i} in range(${start}${to}${up ? '' : ', -1'}):`,
      ...indented(nested(node.body, scope, page).lines),
    ],
  };
}

/** What is done and gives nothing: an assignment, `push`, a `forEach`. */
function doing(node: acorn.Expression, scope: Scope, page: Page): Lines {
  if (node.type === 'UpdateExpression' && node.argument.type === 'Identifier')
    return {
      lines: [`${expression(node.argument, scope, page).text} ${node.operator === '++' ? '+=' : '-='} 1`],
    };
  if (node.type === 'AssignmentExpression' && node.left.type === 'Identifier') {
    const value = expression(node.right, scope, page);
    const before = scope.get(node.left.name);
    if (!before || !['=', '+=', '-=', '*=', '/='].includes(node.operator)) throw new NoLine(node);
    // What it is from here on, and no number that is known.
    if (node.operator === '=' || value.kind.is !== 'int')
      scope.change(
        node.left.name,
        node.operator === '=' || before.kind.is !== 'tensor' ? value.kind : before.kind,
      );
    return { lines: [`${before.text} ${node.operator} ${value.text}`] };
  }
  if (
    node.type !== 'CallExpression' ||
    node.callee.type !== 'MemberExpression' ||
    node.callee.property.type !== 'Identifier'
  )
    throw new NoLine(node);
  const { object, property } = node.callee;
  const [first] = node.arguments;
  if (property.name === 'push' && first && object.type === 'Identifier') {
    const value = expression(first, scope, page);
    scope.change(object.name, { is: 'list', of: value.kind });
    return { lines: [`${expression(object, scope, page).text}.append(${value.text})`] };
  }
  if (
    property.name === 'forEach' &&
    first?.type === 'ArrowFunctionExpression' &&
    first.body.type === 'BlockStatement'
  ) {
    const list = expression(object, scope, page);
    const [value, index] = first.params;
    if (!value) throw new NoLine(node);
    const v = bound(value, elementOf(list.kind), scope);
    const i = index && bound(index, INT, scope);
    const head = i === undefined ? `for ${v} in ${list.text}:` : `for ${i}, ${v} in enumerate(${list.text}):`;
    return { lines: [head, ...indented(block(first.body.body, scope, page).lines)] };
  }
  throw new NoLine(node);
}
