import type * as acorn from 'acorn';
import {
  asInt,
  atom,
  bound,
  elementOf,
  held,
  INT,
  isNumeric,
  listOf,
  NoLine,
  NUMBER,
  Scope,
  TENSOR,
  UNKNOWN,
  type Context,
  type Kind,
  type Py,
} from './kinds.ts';
import { isTensorMethod, mathCall, tensorMethod } from './methods.ts';

type Called = acorn.Expression | acorn.SpreadElement;

/** A call in Python. @throws NoLine */
export function callOf(node: acorn.CallExpression, scope: Scope, context: Context): Py {
  const { callee, arguments: args } = node;
  if (callee.type === 'Identifier') return namedCall(node, callee, args, scope, context);
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier')
    throw new NoLine(node);
  const { object, property } = callee;
  const of = (arg: Called) => context.read(arg, scope);
  const owner = object.type === 'Identifier' && !scope.get(object.name) ? object.name : undefined;
  if (owner === 'Math')
    return floored(node, property.name, args, scope, context) ?? mathCall(node, property.name, args.map(of));
  if (owner === 'Array' && property.name === 'from') return fromLength(node, args, scope, context);
  if (owner === 'Number' && args[0]) return of(args[0]);
  if (owner === 'd3') return summary(node, property.name, args, scope, context);
  if (owner !== undefined) throw new NoLine(node);
  const on = context.read(object, scope);
  const [first] = args;
  if (property.name === 'map' && first) return mapped(node, on, first, scope, context);
  if (on.kind.is === 'list' && !isTensorMethod(property.name))
    return listMethod(node, on, property.name, args, scope, context);
  const found = tensorMethod(node, on, property.name, args.map(of));
  if (!found) throw new NoLine(node);
  return found;
}

function namedCall(
  node: acorn.CallExpression,
  callee: acorn.Identifier,
  args: readonly Called[],
  scope: Scope,
  context: Context,
): Py {
  // A control has the value that it is given at first.
  const [control] = args;
  if (callee.name === 'view' && control?.type === 'CallExpression') {
    const options = control.arguments.at(-1);
    const value =
      options?.type === 'ObjectExpression'
        ? options.properties.find(
            (one) => one.type === 'Property' && one.key.type === 'Identifier' && one.key.name === 'value',
          )
        : undefined;
    if (value?.type === 'Property') return context.read(value.value, scope);
  }
  const given = args.map((arg) => context.read(arg, scope));
  const own = scope.get(callee.name);
  if (own?.kind.is === 'function')
    return atom(`${held(own, 3)}(${given.map(({ text }) => text).join(', ')})`, own.kind.gives);
  const [first] = given;
  if (callee.name === 'tensor' && !own && typeof first?.known === 'string') {
    const tensor = context.page.tensor(first.known);
    if (tensor) return tensor;
  }
  throw new NoLine(node);
}

/** `Math.floor(a / b)` is `a // b`. */
function floored(
  node: acorn.CallExpression,
  name: string,
  args: readonly Called[],
  scope: Scope,
  context: Context,
): Py | undefined {
  const [quotient] = args;
  if (name !== 'floor' || quotient?.type !== 'BinaryExpression' || quotient.operator !== '/')
    return undefined;
  const [a, b] = [context.read(quotient.left, scope), context.read(quotient.right, scope)];
  const tensor = [a, b].find(({ kind }) => kind.is === 'tensor');
  const ints = a.kind.is === 'int' && b.kind.is === 'int';
  return { text: `${held(a, 2)} // ${held(b, 3)}`, kind: tensor?.kind ?? (ints ? INT : NUMBER), holds: 2 };
}

/** `Array.from({ length: n }, (_, i) => …)`, and of a list. */
function fromLength(
  node: acorn.CallExpression,
  [first, fn]: readonly Called[],
  scope: Scope,
  context: Context,
): Py {
  if (!first) throw new NoLine(node);
  if (first.type !== 'ObjectExpression') {
    const list = context.read(first, scope);
    return fn
      ? mapped(node, { ...list, kind: listOf(elementOf(list.kind)) }, fn, scope, context)
      : atom(`list(${list.text})`, listOf(elementOf(list.kind)));
  }
  const [length] = first.properties;
  if (length?.type !== 'Property' || fn?.type !== 'ArrowFunctionExpression') throw new NoLine(node);
  const count = context.read(length.value, scope);
  const { params, body, gives } = callbackOf(fn, [UNKNOWN, INT], scope, context);
  return atom(`[${body} for ${params[1] ?? params[0] ?? '_'} in range(${asInt(count)})]`, listOf(gives));
}

/** The parameters and the one expression of an arrow function, in a scope of its own. */
export function callbackOf(
  fn: acorn.ArrowFunctionExpression,
  kinds: readonly Kind[],
  scope: Scope,
  context: Context,
) {
  if (fn.body.type === 'BlockStatement') throw new NoLine(fn);
  const inner = new Scope(scope);
  const params = fn.params.map((param, k) => bound(param, kinds[k] ?? UNKNOWN, inner));
  const { text, kind } = context.read(fn.body, inner);
  return { params, body: text, gives: kind };
}

/** `.map` of a list is a comprehension; of a tensor it is the expression on all values at once. */
function mapped(node: acorn.CallExpression, on: Py, fn: Called, scope: Scope, context: Context): Py {
  const math =
    fn.type === 'MemberExpression' &&
    fn.object.type === 'Identifier' &&
    fn.object.name === 'Math' &&
    fn.property.type === 'Identifier'
      ? fn.property.name
      : undefined;
  if (on.kind.is === 'tensor') {
    if (math !== undefined) return mathCall(node, math, [on]);
    if (fn.type !== 'ArrowFunctionExpression' || fn.body.type === 'BlockStatement') throw new NoLine(node);
    const inner = new Scope(scope);
    const [value, index] = fn.params;
    const { dims } = on.kind;
    if (value?.type === 'Identifier') inner.set(value.name, on);
    const count = `torch.arange(${held(on, 3)}.numel()).reshape(${held(on, 3)}.shape)`;
    if (index?.type === 'Identifier') inner.set(index.name, atom(count, TENSOR));
    const made = context.read(fn.body, inner);
    if (made.kind.is === 'tensor') return { ...made, kind: { is: 'tensor', dims } };
    if (isNumeric(made.kind)) return atom(`torch.full_like(${on.text}, ${made.text})`, on.kind);
    throw new NoLine(node);
  }
  if (on.kind.is !== 'list') throw new NoLine(node);
  if (math !== undefined)
    return atom(
      `[${mathCall(node, math, [atom('v', on.kind.of)]).text} for v in ${held(on, 1)}]`,
      listOf(NUMBER),
    );
  if (fn.type !== 'ArrowFunctionExpression') throw new NoLine(node);
  const { params, body, gives } = callbackOf(fn, [on.kind.of, INT], scope, context);
  const [value = '_', index] = params;
  const over =
    index === undefined ? `${value} in ${held(on, 1)}` : `${index}, ${value} in enumerate(${on.text})`;
  return atom(`[${body} for ${over}]`, listOf(gives));
}

function listMethod(
  node: acorn.CallExpression,
  on: Py,
  name: string,
  args: readonly Called[],
  scope: Scope,
  context: Context,
): Py {
  const [first, second] = args;
  if (name === 'slice' && first) {
    const [from, to] = [context.read(first, scope), second && context.read(second, scope)];
    return atom(`${held(on, 3)}[${asInt(from)}:${to ? asInt(to) : ''}]`, on.kind);
  }
  if (name === 'indexOf' && first)
    return atom(`${held(on, 3)}.index(${context.read(first, scope).text})`, INT);
  if (name === 'includes' && first)
    return {
      text: `${held(context.read(first, scope), 1)} in ${held(on, 1)}`,
      kind: { is: 'truth' },
      holds: 0,
    };
  if (name === 'flat' && on.kind.is === 'list')
    return atom(`[part for row in ${held(on, 1)} for part in row]`, on.kind.of);
  if (name === 'filter' && first?.type === 'ArrowFunctionExpression') {
    const { params, body } = callbackOf(first, [elementOf(on.kind), INT], scope, context);
    const [value = '_', index] = params;
    const over =
      index === undefined ? `${value} in ${held(on, 1)}` : `${index}, ${value} in enumerate(${on.text})`;
    return atom(`[${value} for ${over} if ${body}]`, on.kind);
  }
  if (name === 'sort' && first?.type === 'ArrowFunctionExpression')
    return sorted(node, on, first, scope, context);
  throw new NoLine(node);
}

/** `(a, b) => b.key − a.key` is a key and a direction. */
function sorted(
  node: acorn.CallExpression,
  on: Py,
  fn: acorn.ArrowFunctionExpression,
  scope: Scope,
  context: Context,
): Py {
  const [a, b] = fn.params;
  const { body } = fn;
  if (
    a?.type !== 'Identifier' ||
    b?.type !== 'Identifier' ||
    body.type !== 'BinaryExpression' ||
    body.operator !== '-'
  )
    throw new NoLine(node);
  const keyOf = (side: acorn.BinaryExpression['left'], name: string) => {
    const inner = new Scope(scope);
    inner.declare(name, elementOf(on.kind));
    const text = context.read(side, inner).text;
    return `lambda ${name}: ${text}`;
  };
  const key = tryKey(() => keyOf(body.left, a.name));
  if (key !== undefined) return atom(`sorted(${on.text}, key=${key})`, on.kind);
  return atom(`sorted(${on.text}, key=${keyOf(body.left, b.name)}, reverse=True)`, on.kind);
}
function tryKey(make: () => string): string | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof NoLine) return undefined;
    throw error;
  }
}

/** d3's sums of a list, with or without a function of its entries. */
function summary(
  node: acorn.CallExpression,
  name: string,
  [list, fn]: readonly Called[],
  scope: Scope,
  context: Context,
): Py {
  if (!list) throw new NoLine(node);
  const on = context.read(list, scope);
  if (name === 'range') return atom(`list(range(${asInt(on)}))`, listOf(INT));
  if (name === 'transpose') return atom(`[list(row) for row in zip(*${held(on, 3)})]`, on.kind);
  const each = fn
    ? mapped(
        node,
        on.kind.is === 'list' ? on : { ...on, kind: listOf(elementOf(on.kind)) },
        fn,
        scope,
        context,
      )
    : on;
  if (name === 'sum' || name === 'max' || name === 'min') return atom(`${name}(${each.text})`, NUMBER);
  if (name === 'mean') return { text: `sum(${each.text}) / len(${on.text})`, kind: NUMBER, holds: 2 };
  throw new NoLine(node);
}
