import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { RECIPE } from './model.ts';

it('says of the training what its configuration says', () => {
  const toml = readFileSync('training/configs/uvit-cifar10-cpu.toml', 'utf8');
  const value = (key: string) => new RegExp(`^${key} = "?([^"\\n]+)"?$`, 'm').exec(toml)?.[1];
  expect(value('weighting')).toBe(RECIPE.weighting);
  expect(Number(value('class_drop'))).toBe(RECIPE.classDrop);
  expect(Number(value('batch'))).toBe(RECIPE.batch);
  expect(Number(value('steps'))).toBe(RECIPE.steps);
  // The configuration names no γ: the default of the training's own function holds.
  expect(value('gamma')).toBeUndefined();
  const python = readFileSync('training/diffusion/batch.py', 'utf8');
  expect(Number(/gamma: float = ([\d.]+)/.exec(python)?.[1])).toBe(RECIPE.gamma);
});
