import type { Recipe, RecipeOf, Source, Strength } from './recipe.ts';
import { erf } from '../erf.ts';

type Apply = Extract<Recipe, { kind: 'apply' }>;

/** The cell of an input that is broadcast: dimensions align at the back, a size of 1 is always index 0. */
function cellOf(shape: readonly number[], index: readonly number[], input: number): Source {
  const skip = index.length - shape.length;
  return { input, index: shape.map((n, i) => (n === 1 ? 0 : (index[i + skip] ?? 0))) };
}

/** An operation on the cells at one place of all its inputs. */
const at =
  (rest: Omit<Apply, 'kind' | 'of'>): RecipeOf =>
  ({ inputs }, index) => ({
    kind: 'apply',
    of: inputs.map(({ shape }, input) => cellOf(shape, index, input)),
    ...rest,
  });

/** A function of one number, written `name(x)`. */
const called = (name: string, by: (x: number) => number): RecipeOf =>
  at({ by: (x) => by(x!), write: ([x]) => `${name}(${x})`, strength: 'atom', needs: ['sum'] });

const infix = (
  sign: string,
  by: (a: number, b: number) => number,
  strength: Strength,
  needs: readonly Strength[],
): RecipeOf => at({ by: (a, b) => by(a!, b!), write: ([a, b]) => `${a} ${sign} ${b}`, strength, needs });

const kept: RecipeOf = ({ inputs }, index) => ({
  kind: 'copy',
  from: cellOf(inputs[0]?.shape ?? [], index, 0),
});

/** To whole numbers what lies behind the point is cut off, to bool all but 0 is 1; other types keep the number. */
const cast: RecipeOf = (node, index, output) => {
  const dtype = node.outputs[output]?.dtype;
  if (dtype?.startsWith('int'))
    return at({ by: (x) => Math.trunc(x!), write: ([x]) => String(x), strength: 'atom', needs: ['sum'] })(
      node,
      index,
      output,
    );
  if (dtype === 'bool')
    return at({
      by: (x) => (x === 0 ? 0 : 1),
      write: ([x]) => `${x} ≠ 0`,
      strength: 'sum',
    })(node, index, output);
  return kept(node, index, output);
};

/** Operations whose cells are made of the cells at the same place, broadcast. */
export const elementwise: Readonly<Record<string, RecipeOf>> = {
  Add: infix('+', (a, b) => a + b, 'sum', ['sum', 'sum']),
  Sub: infix('−', (a, b) => a - b, 'sum', ['sum', 'product']),
  Mul: infix('×', (a, b) => a * b, 'product', ['product', 'product']),
  Div: infix('/', (a, b) => a / b, 'product', ['product', 'atom']),
  Pow: at({
    by: (a, b) => a! ** b!,
    write: ([a, b]) => `${a}^${b}`,
    strength: 'product',
  }),
  Abs: at({ by: (x) => Math.abs(x!), write: ([x]) => `|${x}|`, strength: 'atom' }),
  Cos: called('cos', Math.cos),
  Sin: called('sin', Math.sin),
  Tanh: called('tanh', Math.tanh),
  Erf: called('erf', erf),
  Exp: called('exp', Math.exp),
  Log: called('ln', Math.log),
  Sqrt: called('√', Math.sqrt),
  Floor: called('floor', Math.floor),
  Sigmoid: called('σ', (x) => 1 / (1 + Math.exp(-x))),
  Relu: at({
    by: (x) => Math.max(x!, 0),
    write: ([x]) => `max(${x}, 0)`,
    strength: 'atom',
    needs: ['sum'],
  }),
  Neg: at({ by: (x) => -x!, write: ([x]) => `−${x}`, strength: 'sum' }),
  Reciprocal: at({ by: (x) => 1 / x!, write: ([x]) => `1 / ${x}`, strength: 'product' }),
  Identity: kept,
  Cast: cast,
  Where: at({
    by: (condition, a, b) => (condition ? a! : b!),
    write: ([condition, a, b]) => `(${condition} ? ${a} : ${b})`,
    strength: 'atom',
    needs: ['sum', 'sum', 'sum'],
  }),
};
