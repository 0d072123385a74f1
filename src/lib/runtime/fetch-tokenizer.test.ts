import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseModelConfig } from '#lib/models/model-config.ts';
import { fetchTokenizer } from './fetch-tokenizer.ts';

const read = (file: string) =>
  readFileSync(new URL(`../../../models/clip-tiny/${file}`, import.meta.url), 'utf8');
const config = parseModelConfig(read('config.json'));
const FOLDER = 'https://site.test/models/clip-tiny/';
const answering = (body: string, init?: ResponseInit) => () => Promise.resolve(new Response(body, init));

describe('a model’s tokenizer', () => {
  it('comes from the file that its config.json names', async () => {
    const asked: string[] = [];
    const tokenizer = await fetchTokenizer(FOLDER, config, (url) => {
      asked.push(String(url));
      return answering(read('tokenizer.json'))();
    });
    expect(asked).toEqual([`${FOLDER}tokenizer.json`]);
    expect(tokenizer.size).toBe(4000);
  });

  it.each([
    ['model-missing', answering('', { status: 404 })],
    ['model-missing', answering('<html>', { headers: { 'content-type': 'text/html' } })],
    ['download-failed', answering('', { status: 500 })],
    ['download-failed', () => Promise.reject(new TypeError('no network'))],
    ['config-invalid', answering('{}')],
  ])('says %s where it does not', async (code, fetch) => {
    await expect(fetchTokenizer(FOLDER, config, fetch)).rejects.toMatchObject({
      code,
      details: { file: 'clip-tiny/tokenizer.json' },
    });
  });

  it('is none of a model that names none', async () => {
    const { tokenizer: _, ...without } = config;
    await expect(fetchTokenizer(FOLDER, without, answering(''))).rejects.toMatchObject({
      code: 'config-invalid',
    });
  });
});
