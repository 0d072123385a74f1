import { expect, it } from 'vitest';
import { ConfigError, familyOf, graphOf } from './registry.ts';
import { VIT_DEFAULTS, vitConfig, type ViTConfig } from './vit/graph.ts';
import { configErrorText } from '#lib/base/config-errors.ts';

function refusal(change: Partial<ViTConfig>): ConfigError {
  try {
    vitConfig({ ...VIT_DEFAULTS, ...change });
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error(`${JSON.stringify(change)} was not refused`);
}

it.each<[Partial<ViTConfig>, string, RegExp]>([
  [{ heads: 7 }, 'heads', /^宽度 768 不能平均分给 7 个头。$/],
  [{ patch: 300 }, 'patch', /^图像块边长 300 像素，比图片的 224 像素还大。$/],
  [{ patch: 1, image: 512 }, 'patch', /^会切出 262,144 个图像块/],
  [{ mlpRatio: 1.3, dim: 64, heads: 4 }, 'mlpRatio', /^宽度 64 的 1\.3 倍不是正整数。$/],
  [{ depth: 0 }, 'depth', /^必须是不小于 1 的整数，不能是 0。$/],
  [{ dim: 1.5 }, 'dim', /1\.5/],
  [{ normEps: -1 }, 'normEps', /不小于 0/],
  [{ positions: 'sincos2d', dim: 6, heads: 1 }, 'positions', /被 4 整除，6 不行/],
  [{ classToken: false }, 'pool', /必须有 CLS/],
  [{ gelu: 'x' as 'erf' }, 'gelu', /erf, tanh, sigmoid 之一/],
])('says %j in both languages', (change, field, zh) => {
  const error = refusal(change);
  expect(error.field).toBe(field);
  const text = configErrorText(error);
  expect(text.zh).toMatch(zh);
  expect(text.en).toMatch(/^[A-Z0-9].*\.$/);
});

/** The rule that a change of an architecture's own configuration breaks. */
function broken(id: string, change: Record<string, unknown>): ConfigError {
  const { architecture, config } = { architecture: id, config: { ...familyOf(id).defaults, ...change } };
  try {
    graphOf({ architecture, config });
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error(`${JSON.stringify(change)} was not refused`);
}

it.each<[string, Record<string, unknown>, string, RegExp]>([
  ['uvit', { depth: 13 }, 'depth', /偶数.*13/],
  ['uvit', { patch: 5 }, 'patch', /5 像素的图像块铺不满/],
  ['uvit', { dim: 513, heads: 1 }, 'dim', /偶数.*513/],
  ['dit', { timeFrequencies: 33 }, 'timeFrequencies', /偶数.*33/],
  ['dit', { heads: 7 }, 'heads', /7 个头/],
  ['mae', { maskRatio: 1 }, 'maskRatio', /小于 1/],
  ['mae', { maskRatio: 0.999 }, 'maskRatio', /一个也看不到/],
])('of %s says %j in both languages', (id, change, field, zh) => {
  const error = broken(id, change);
  expect(error.field).toBe(field);
  const text = configErrorText(error);
  expect(text.zh).toMatch(zh);
  expect(text.en).not.toBe(text.zh);
});
