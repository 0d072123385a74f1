import { expect, it } from 'vitest';
import { phrases } from './phrases.ts';

it('breaks a Chinese heading between words, never before punctuation', () => {
  expect(phrases('只会预测噪声的网络，怎样画出一匹马？', 'zh')).toContain('网络，');
  expect(phrases('Transformer 怎么知道图像块原来在哪里？', 'zh').join('')).toBe(
    'Transformer 怎么知道图像块原来在哪里？',
  );
  expect(phrases('Transformer 怎么知道图像块原来在哪里？', 'zh')[0]).toBe('Transformer ');
});

it('leaves other languages whole', () => {
  expect(phrases('Where does a patch look?', 'en')).toEqual(['Where does a patch look?']);
});
