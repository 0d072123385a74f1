import type * as acorn from 'acorn';
import { ancestor } from 'acorn-walk';

/** A name that is read and declared nowhere in the code, where it is read first. */
export interface FreeName {
  readonly name: string;
  readonly node: acorn.Identifier;
  /** The nodes around it, outermost first, itself last. */
  readonly around: readonly acorn.Node[];
}

const FUNCTIONS = new Set(['FunctionExpression', 'FunctionDeclaration', 'ArrowFunctionExpression']);
const BLOCKS = new Set([
  ...FUNCTIONS,
  ...['Program', 'BlockStatement', 'SwitchStatement', 'ForStatement', 'ForInStatement', 'ForOfStatement'],
  ...['CatchClause', 'ClassExpression', 'StaticBlock'],
]);

/** The identifiers that a pattern binds: `{a, b: [c, ...d]}` binds a, c and d. */
export function boundBy(pattern: acorn.Pattern): acorn.Identifier[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return pattern.properties.flatMap((p) => boundBy(p.type === 'Property' ? p.value : p.argument));
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? boundBy(element) : []));
    case 'RestElement':
      return boundBy(pattern.argument);
    case 'AssignmentPattern':
      return boundBy(pattern.left);
    default:
      return [];
  }
}

/** What each scope inside `root` declares, by the node that opens the scope. */
function declarations(root: acorn.Node): Map<acorn.Node, Set<string>> {
  const scopes = new Map<acorn.Node, Set<string>>();
  const declare = (scope: acorn.Node, names: readonly acorn.Identifier[]) => {
    const known = scopes.get(scope) ?? new Set<string>();
    for (const { name } of names) known.add(name);
    scopes.set(scope, known);
  };
  const enclosing = (around: readonly acorn.Node[], kinds: ReadonlySet<string>) =>
    around.slice(0, -1).findLast(({ type }) => type === 'Program' || kinds.has(type)) ?? root;
  const enter = (node: acorn.Function) => {
    for (const param of node.params) declare(node, boundBy(param));
    if (node.type !== 'ArrowFunctionExpression')
      scopes.set(node, (scopes.get(node) ?? new Set()).add('arguments'));
    if (node.type === 'FunctionExpression' && node.id) declare(node, [node.id]);
  };
  ancestor(root, {
    VariableDeclaration(node, _, around) {
      const scope = enclosing(around, node.kind === 'var' ? FUNCTIONS : BLOCKS);
      for (const { id } of node.declarations) declare(scope, boundBy(id));
    },
    FunctionDeclaration(node, _, around) {
      if (node.id) declare(enclosing(around, BLOCKS), [node.id]);
      enter(node);
    },
    FunctionExpression: enter,
    ArrowFunctionExpression: enter,
    ClassDeclaration(node, _, around) {
      if (node.id) declare(enclosing(around, BLOCKS), [node.id]);
    },
    // acorn-walk calls a class by its general name too.
    Class(node) {
      if (node.type === 'ClassExpression' && node.id) declare(node, [node.id]);
    },
    CatchClause(node) {
      if (node.param) declare(node, boundBy(node.param));
    },
  });
  return scopes;
}

/** The names that code reads or assigns and does not declare, in the order of the text, each occurrence. */
export function freeNames(root: acorn.Node): FreeName[] {
  const scopes = declarations(root);
  const found: FreeName[] = [];
  const see = (node: acorn.Identifier, around: readonly acorn.Node[]) => {
    if (node.name === 'undefined') return;
    if (around.some((scope) => scopes.get(scope)?.has(node.name))) return;
    found.push({ name: node.name, node, around: [...around] });
  };
  ancestor(root, {
    Identifier: (node, _, around) => see(node, around),
    Pattern(node, _, around) {
      if (node.type === 'Identifier') see(node, around);
    },
  });
  return found.sort((a, b) => a.node.start - b.node.start);
}
