import { expect, it } from 'vitest';
import { hubFile, namedBy } from './address.ts';

const ORIGIN = 'http://localhost:4173';
const of = (raw: string) => namedBy(raw, ORIGIN);

it('reads a name, a page, a file’s page and its download of the Hub', () => {
  const whole = { kind: 'hub', id: 'facebook/dino-vits16', revision: 'main', file: undefined };
  expect(of(' facebook/dino-vits16 ')).toEqual(whole);
  expect(of('https://huggingface.co/facebook/dino-vits16')).toEqual(whole);
  expect(of('hf.co/facebook/dino-vits16/tree/main')).toEqual(whole);
  const one = { kind: 'hub', id: 'timm/x', revision: 'v2', file: 'onnx/model.onnx' };
  expect(of('https://huggingface.co/timm/x/blob/v2/onnx/model.onnx')).toEqual(one);
  expect(of('https://huggingface.co/timm/x/resolve/v2/onnx/model.onnx?download=true')).toEqual(one);
  expect(hubFile('timm/x', 'refs/pr/1', 'a b/m.bin')).toBe(
    'https://huggingface.co/timm/x/resolve/refs%2Fpr%2F1/a%20b/m.bin',
  );
});

it('takes files of the page’s own origin, and says of all others why not', () => {
  expect(of(`${ORIGIN}/models/vit-tiny/model.safetensors`).kind).toBe('own');
  for (const raw of [
    'https://example.org/w.pth',
    'http://huggingface.co/a/b',
    'file:///etc/passwd',
    'javascript:1',
  ]) {
    const named = of(raw);
    expect(named.kind, raw).toBe('refused');
    if (named.kind === 'refused') expect(named.why.en).toMatch(/Hugging Face alone.*choose it here/);
  }
  for (const raw of ['', 'hello', 'a/b/c', '汉字', 'x'.repeat(400), '../..//x'])
    expect(of(raw).kind, raw).toBe('refused');
  expect(of('https://huggingface.co/datasets/imagenet-1k').kind).toBe('refused');
});
