import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { FAULTS } from '#lib/base/faults.ts';
import { fileKind, wrongKind, type FileKind } from './file-kind.ts';
import { parseSafetensors, writeSafetensors } from './safetensors.ts';
import { WeightsError } from './source.ts';

const text = (s: string) => new TextEncoder().encode(s);
const bytes = (...values: number[]) => Uint8Array.from([...values, ...new Array<number>(300).fill(0)]);
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'ab12'.repeat(16)}\nsize 343288572\n`;
/** The beginning of an archive, as far as its first name. */
const zip = (name: string) =>
  Uint8Array.from([
    ...text('PK\x03\x04'),
    ...new Array<number>(22).fill(0),
    name.length,
    0,
    0,
    0,
    ...text(name),
  ]);

const FILES: readonly (readonly [FileKind, Uint8Array, RegExp])[] = [
  ['empty', new Uint8Array(0), /empty; .*fetch it again/],
  ['lfs-pointer', text(POINTER), /Git LFS pointer.*343,288,572 bytes.*git lfs pull/],
  ['html', text('<!DOCTYPE html>\n<html><head><title>401</title></head></html>'), /web page \(HTML\).*again/],
  ['html', text('<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'), /web page/],
  ['json-index', text('{"metadata": {}, "weight_map": {"norm.weight": "a.safetensors"}}'), /index \(JSON\)/],
  ['json', text('{"model_type": "vit"}'), /JSON text/],
  ['text', text('A text, whatever its name says.'), /text, not weights/],
  ['text', text(`${'字'.repeat(1365)}一二三`), /text/],
  ['hdf5', bytes(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a), /HDF5/],
  ['gguf', bytes(0x47, 0x47, 0x55, 0x46, 3), /GGUF/],
  ['tflite', bytes(0x1c, 0, 0, 0, 0x54, 0x46, 0x4c, 0x33), /TensorFlow Lite/],
  ['gzip', gzipSync('weights'), /gzip; unpack/],
  ['npy', bytes(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1), /NumPy array.*savez/],
  ['onnx', bytes(8, 7, 0x12, 7, ...text('pytorch')), /ONNX model/],
  ['picture', bytes(0xff, 0xd8, 0xff, 0xe0), /a picture/],
  ['torch', zip('archive/data.pkl'), /PyTorch file/],
  ['torchscript', zip('archive/constants.pkl'), /TorchScript/],
  ['npz', zip('x.npy'), /NumPy arrays/],
  ['zip', zip('readme.txt'), /ZIP archive/],
  [
    'torch-legacy',
    bytes(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19),
    /PyTorch/,
  ],
  ['pickle', bytes(0x80, 4, 0x95), /pickle/],
];

it.each(FILES)('tells a file by its first bytes: %s', (kind, file, said) => {
  expect(fileKind(file)).toBe(kind);
  expect(wrongKind(kind, file).en).toMatch(said);
  let error: unknown;
  try {
    parseSafetensors(file, 'w.safetensors');
  } catch (e) {
    error = e;
  }
  expect(error).toBeInstanceOf(WeightsError);
  expect((error as WeightsError).message).toMatch(said);
  const { details } = error as WeightsError;
  const page = FAULTS['weights-invalid'](details);
  expect(page.en).toContain(wrongKind(kind, file).en);
  expect(page.zh).toContain(wrongKind(kind, file).zh);
});

it('leaves safetensors files, and what it cannot tell, to their own rules', () => {
  const file = writeSafetensors([{ name: 'x', shape: [1], data: Float32Array.of(1) }]);
  expect(fileKind(file)).toBe('safetensors');
  expect(fileKind(file.subarray(0, 12))).toBe('safetensors');
  expect(fileKind(bytes(1, 2, 3))).toBe('unknown');
});
