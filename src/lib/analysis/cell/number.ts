import { moments } from '../residual.ts';
import type { Recipe, Source } from './recipe.ts';

/** The number that a recipe gives, in double precision. @param of gives the cells it is made of */
export function numberOf(recipe: Exclude<Recipe, { kind: 'copy' }>, of: (s: Source) => number): number {
  switch (recipe.kind) {
    case 'chosen':
      return of(recipe.from(of(recipe.by)));
    case 'apply':
      return recipe.by(...recipe.of.map(of));
    case 'products':
      return recipe.pairs.reduce((sum, [a, b]) => sum + of(a) * of(b), recipe.bias ? of(recipe.bias) : 0);
    case 'gathered': {
      const values = recipe.of.map(of);
      if (recipe.how === 'max') return values.reduce((m, v) => Math.max(m, v), -Infinity);
      if (recipe.how === 'argmin') return values.indexOf(Math.min(...values));
      const sum = values.reduce((a, b) => a + b, 0);
      return recipe.how === 'sum' ? sum : sum / values.length;
    }
    case 'softmax': {
      const values = recipe.of.map(of);
      const most = values.reduce((m, v) => Math.max(m, v), -Infinity);
      const sum = values.reduce((total, v) => total + Math.exp(v - most), 0);
      return Math.exp(values[recipe.at]! - most) / sum;
    }
    case 'norm': {
      const values = recipe.of.map(of);
      const { mean, variance } = moments(values);
      const normal = (values[recipe.at]! - mean) / Math.sqrt(variance + recipe.epsilon);
      return normal * of(recipe.weight) + (recipe.bias ? of(recipe.bias) : 0);
    }
  }
}
