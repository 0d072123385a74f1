import type * as acorn from 'acorn';
import { callOf, callbackOf } from './calls.ts';
import {
  asInt,
  atom,
  elementOf,
  held,
  INT,
  isNumeric,
  listOf,
  NoLine,
  NUMBER,
  TENSOR,
  UNKNOWN,
  type Context,
  type Page,
  type Piece,
  type Py,
  type Scope,
} from './kinds.ts';
import { tensorProperty } from './methods.ts';

const COMPARED: Readonly<Record<string, string>> = {
  ...{ '===': '==', '==': '==', '!==': '!=', '!=': '!=' },
  ...{ '<': '<', '>': '>', '<=': '<=', '>=': '>=' },
};

/** A number, a text, a list or a truth value that is known now, as Python writes it. */
export function literal(node: acorn.Node, value: unknown): Py {
  if (typeof value === 'number') return atom(String(value), Number.isInteger(value) ? INT : NUMBER, value);
  if (typeof value === 'string') return atom(JSON.stringify(value), { is: 'text' }, value);
  if (typeof value === 'boolean') return atom(value ? 'True' : 'False', { is: 'truth' }, value);
  if (Array.isArray(value)) {
    const parts = value.map((part) => literal(node, part));
    return atom(`[${parts.map(({ text }) => text).join(', ')}]`, listOf(parts[0]?.kind ?? UNKNOWN), value);
  }
  throw new NoLine(node);
}

/**
 * An expression of JavaScript in Python.
 * @throws NoLine at the first piece whose counterpart does not follow from its form
 */
export function expression(node: Piece, scope: Scope, page: Page): Py {
  const of = (inner: Piece) => expression(inner, scope, page);
  const context: Context = { page, read: (inner, inScope) => expression(inner, inScope, page) };
  switch (node.type) {
    case 'Literal':
      if (node.value === null) return atom('None', UNKNOWN, null);
      if (typeof node.value === 'number')
        return atom(
          node.raw ?? String(node.value),
          Number.isInteger(node.value) && !/[.e]/i.test(node.raw ?? '') ? INT : NUMBER,
          node.value,
        );
      return literal(node, node.value);
    case 'TemplateLiteral':
      return template(node, scope, page);
    case 'Identifier': {
      const known = scope.get(node.name);
      if (known) return known;
      if (node.name === 'Infinity') return atom('math.inf', NUMBER);
      throw new NoLine(node);
    }
    case 'ParenthesizedExpression':
      return of(node.expression);
    case 'AwaitExpression':
      return of(node.argument);
    case 'UnaryExpression': {
      const inner = of(node.argument);
      if (node.operator === '-')
        return {
          text: `-${held(inner, 3)}`,
          kind: inner.kind,
          holds: 2,
          ...(typeof inner.known === 'number' && { known: -inner.known }),
        };
      if (node.operator === '!') return { text: `not ${held(inner, 1)}`, kind: { is: 'truth' }, holds: 0 };
      throw new NoLine(node);
    }
    case 'BinaryExpression':
      return binary(node, scope, page);
    case 'LogicalExpression': {
      if (node.operator === '??') throw new NoLine(node);
      const [a, b] = [of(node.left), of(node.right)];
      return {
        text: `${held(a, 1)} ${node.operator === '&&' ? 'and' : 'or'} ${held(b, 1)}`,
        kind: b.kind,
        holds: 0,
      };
    }
    case 'ConditionalExpression': {
      const test = of(node.test);
      // Which of the two it is can be known now.
      if (typeof test.known === 'boolean') return of(test.known ? node.consequent : node.alternate);
      const [then, otherwise] = [of(node.consequent), of(node.alternate)];
      if (test.kind.is === 'tensor')
        return atom(`torch.where(${test.text}, ${then.text}, ${otherwise.text})`, TENSOR);
      return {
        text: `${held(then, 1)} if ${held(test, 1)} else ${held(otherwise, 1)}`,
        kind: then.kind,
        holds: 0,
      };
    }
    case 'ArrayExpression': {
      const parts = node.elements.map((part) => {
        if (!part) throw new NoLine(node);
        return part.type === 'SpreadElement'
          ? { ...of(part.argument), spread: true }
          : { ...of(part), spread: false };
      });
      const [only] = parts;
      const inner = only && only.spread ? elementOf(only.kind) : (only?.kind ?? UNKNOWN);
      if (parts.length === 1 && only?.spread) return atom(`list(${only.text})`, listOf(inner));
      const known = parts.every((part) => part.known !== undefined && !part.spread)
        ? parts.map((part) => part.known)
        : undefined;
      return atom(
        `[${parts.map(({ text, spread, holds }) => (spread ? `*${held({ text, holds, kind: UNKNOWN }, 3)}` : text)).join(', ')}]`,
        listOf(inner),
        known,
      );
    }
    case 'ObjectExpression':
      return atom(
        `{${node.properties
          .map((part) => {
            if (part.type !== 'Property' || part.computed || part.kind !== 'init') throw new NoLine(node);
            const key =
              part.key.type === 'Identifier'
                ? part.key.name
                : part.key.type === 'Literal'
                  ? String(part.key.value)
                  : undefined;
            if (key === undefined) throw new NoLine(node);
            return `${JSON.stringify(key)}: ${of(part.value).text}`;
          })
          .join(', ')}}`,
        { is: 'record' },
      );
    case 'MemberExpression':
      return member(node, scope, page);
    case 'CallExpression':
      return callOf(node, scope, context);
    case 'NewExpression':
      return made(node, scope, page);
    case 'ArrowFunctionExpression': {
      const { params, body, gives } = callbackOf(node, [], scope, context);
      return { text: `lambda ${params.join(', ')}: ${body}`, kind: { is: 'function', gives }, holds: 0 };
    }
    default:
      throw new NoLine(node);
  }
}

/** `a${b}c` whose parts are all known now. */
function template(node: acorn.TemplateLiteral, scope: Scope, page: Page): Py {
  const parts = node.expressions.map((part) => expression(part, scope, page).known);
  if (parts.some((part) => part === undefined)) throw new NoLine(node);
  const text = node.quasis
    .map((quasi, i) => `${quasi.value.cooked ?? ''}${i < parts.length ? String(parts[i]) : ''}`)
    .join('');
  return literal(node, text);
}

function binary(node: acorn.BinaryExpression, scope: Scope, page: Page): Py {
  const [a, b] = [expression(node.left, scope, page), expression(node.right, scope, page)];
  const tensor = a.kind.is === 'tensor' || b.kind.is === 'tensor';
  const { operator } = node;
  const compared = COMPARED[operator];
  if (compared !== undefined)
    return {
      text: `${held(a, 1)} ${compared} ${held(b, 1)}`,
      kind: tensor ? TENSOR : { is: 'truth' },
      holds: 0,
      ...sameKnown(operator, a.known, b.known),
    };
  const texts = [a, b].some(({ kind }) => kind.is === 'text' || kind.is === 'list' || kind.is === 'record');
  if (texts || !['+', '-', '*', '/', '%', '**'].includes(operator)) throw new NoLine(node);
  const whole = a.kind.is === 'int' && b.kind.is === 'int' && operator !== '/' ? INT : NUMBER;
  const dims = [a, b]
    .map(({ kind }) => (kind.is === 'tensor' ? kind : undefined))
    .find((kind) => kind !== undefined);
  const kind = dims ?? whole;
  const known = knownOf(operator, a.known, b.known);
  // What is no index may be below zero, where the two languages differ.
  if (operator === '%' && a.kind.is !== 'int' && a.kind.is !== 'unknown')
    return tensor
      ? atom(`torch.fmod(${a.text}, ${b.text})`, kind)
      : atom(`math.fmod(${a.text}, ${b.text})`, NUMBER);
  const plus = operator === '+' || operator === '-';
  if (operator === '**') return { text: `${held(a, 3)} ** ${held(b, 3)}`, kind, holds: 2, ...known };
  const text = plus
    ? `${held(a, 1)} ${operator} ${held(b, operator === '-' ? 2 : 1)}`
    : `${held(a, 2)} ${operator} ${held(b, 3)}`;
  return { text, kind, holds: plus ? 1 : 2, ...known };
}

/** `===` of two values that are known. */
function sameKnown(operator: string, a: unknown, b: unknown): { readonly known?: boolean } {
  if (a === undefined || b === undefined || operator !== '===') return {};
  return { known: a === b };
}

function knownOf(operator: string, a: unknown, b: unknown): { readonly known?: number } {
  if (typeof a !== 'number' || typeof b !== 'number') return {};
  const made = { '+': a + b, '-': a - b, '*': a * b, '/': a / b, '%': a % b, '**': a ** b }[operator];
  return made === undefined ? {} : { known: made };
}

function member(node: acorn.MemberExpression, scope: Scope, page: Page): Py {
  const { object, property, computed } = node;
  if (
    object.type === 'Identifier' &&
    !computed &&
    property.type === 'Identifier' &&
    !scope.get(object.name)
  ) {
    if (object.name === 'state') return literal(node, page.state[property.name]);
    if (object.name === 'Math' && property.name === 'PI') return atom('math.pi', NUMBER);
    if (object.name === 'Math' && property.name === 'E') return atom('math.e', NUMBER);
    throw new NoLine(node);
  }
  const on = expression(object, scope, page);
  if (computed) {
    const index = expression(property, scope, page);
    if (index.kind.is === 'text' && on.kind.is === 'record')
      return atom(`${held(on, 3)}[${index.text}]`, UNKNOWN);
    if (on.kind.is === 'tensor')
      return index.kind.is === 'tensor'
        ? atom(`${held(on, 3)}[${index.text}]`, TENSOR)
        : atom(`${held(on, 3)}[${asInt(index)}].item()`, NUMBER);
    // Only lists have places by number: what is not known is one.
    if (on.kind.is === 'unknown' && isNumeric(index.kind))
      return atom(`${held(on, 3)}[${asInt(index)}]`, UNKNOWN);
    if (on.kind.is === 'list' && index.kind.is === 'tensor' && isNumeric(on.kind.of))
      return atom(`torch.tensor(${on.text}, dtype=torch.float32)[${index.text}]`, TENSOR);
    if (on.kind.is !== 'list' || !isNumeric(index.kind)) throw new NoLine(node);
    const entry: unknown =
      Array.isArray(on.known) && typeof index.known === 'number' ? on.known[index.known] : undefined;
    if (typeof entry === 'number') return literal(node, entry);
    return atom(`${held(on, 3)}[${asInt(index)}]`, on.kind.of);
  }
  if (property.type !== 'Identifier') throw new NoLine(node);
  if (on.kind.is === 'record') return atom(`${held(on, 3)}[${JSON.stringify(property.name)}]`, UNKNOWN);
  if (on.kind.is === 'list' && property.name === 'length') return atom(`len(${on.text})`, INT);
  const found = tensorProperty(on, property.name);
  if (!found) throw new NoLine(node);
  return found;
}

function made(node: acorn.NewExpression, scope: Scope, page: Page): Py {
  const [first, second] = node.arguments;
  const name = node.callee.type === 'Identifier' ? node.callee.name : '';
  if (name === 'Float32Array' && first) {
    const size = expression(first, scope, page);
    return isNumeric(size.kind)
      ? atom(`torch.zeros(${asInt(size)})`, TENSOR)
      : atom(`torch.tensor(${size.text}, dtype=torch.float32)`, TENSOR);
  }
  if (name !== 'Tensor' || !first || !second) throw new NoLine(node);
  const [shape, values] = [expression(first, scope, page), expression(second, scope, page)];
  const sizes =
    /^\[.*\]$/.test(shape.text) && first.type === 'ArrayExpression'
      ? `[${first.elements.map((part) => (part ? asInt(expression(part, scope, page)) : '')).join(', ')}]`
      : shape.text;
  const flat =
    values.kind.is === 'tensor' ? held(values, 3) : `torch.tensor(${values.text}, dtype=torch.float32)`;
  return atom(`${flat}.reshape(${sizes})`, TENSOR);
}
