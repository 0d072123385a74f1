import { expect, it } from 'vitest';
import { ConfigError } from '../architectures/errors.ts';
import { VIT_DEFAULTS, vitConfig, type VitConfig } from '../architectures/vit.ts';
import { configErrorText } from './config-errors.ts';

function refusal(change: Partial<VitConfig>): ConfigError {
  try {
    vitConfig({ ...VIT_DEFAULTS, ...change });
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error(`${JSON.stringify(change)} was not refused`);
}

it.each<[Partial<VitConfig>, string, RegExp]>([
  [{ heads: 7 }, 'heads', /^宽度 768 不能平均分给 7 个头。$/],
  [{ patch: 300 }, 'patch', /^图像块边长 300 像素，比图片的 224 像素还大。$/],
  [{ patch: 1, image: 512 }, 'patch', /^会切出 262,144 个图像块/],
  [{ mlpRatio: 1.3, dim: 64, heads: 4 }, 'mlpRatio', /^宽度 64 的 1\.3 倍不是正整数。$/],
  [{ depth: 0 }, 'depth', /^必须是不小于 1 的整数，不能是 0。$/],
  [{ dim: 1.5 }, 'dim', /1\.5/],
  [{ normEps: -1 }, 'normEps', /不小于 0/],
  [{ positions: 'sincos2d', dim: 6, heads: 1 }, 'positions', /被 4 整除，6 不行/],
  [{ classToken: false }, 'pool', /必须有 CLS/],
  [{ gelu: 'x' as 'erf' }, 'gelu', /erf, tanh 之一/],
])('says %j in both languages', (change, field, zh) => {
  const error = refusal(change);
  expect(error.field).toBe(field);
  const text = configErrorText(error);
  expect(text.zh).toMatch(zh);
  expect(text.en).toMatch(/^[A-Z0-9].*\.$/);
});
