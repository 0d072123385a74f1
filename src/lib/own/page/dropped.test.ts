import { describe, expect, it } from 'vitest';
import { droppedFiles } from './dropped.ts';

const file = (name: string) => new File(['a'], name);
const fileEntry = (name: string) => ({
  isFile: true,
  isDirectory: false,
  file: (done: (file: File) => void) => done(file(name)),
});
/** A folder that tells what is in it two at a time. */
const folder = (...inside: object[]) => ({
  isFile: false,
  isDirectory: true,
  createReader: () => {
    const left = [...inside];
    return { readEntries: (done: (part: object[]) => void) => done(left.splice(0, 2)) };
  },
});
const drop = (files: File[], entries: (object | null)[]) =>
  ({ files, items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })) }) as unknown as DataTransfer;
const names = async (dropped: DataTransfer | null) => (await droppedFiles(dropped)).map(({ name }) => name);

describe('what is dropped', () => {
  it('is its files, whether or not the browser tells what they are', async () => {
    expect(await names(drop([file('a.pth')], [fileEntry('a.pth')]))).toEqual(['a.pth']);
    expect(await names(drop([file('a.pth'), file('config.json')], [null, null]))).toEqual([
      'a.pth',
      'config.json',
    ]);
    expect(await names(null)).toEqual([]);
  });

  it('is what lies in a folder, and nothing of the folders in it', async () => {
    const model = folder(
      fileEntry('config.json'),
      folder(fileEntry('older.pth')),
      fileEntry('model.safetensors'),
    );
    expect(await names(drop([file('vit')], [model]))).toEqual(['config.json', 'model.safetensors']);
    expect(await names(drop([file('vit')], [folder()]))).toEqual([]);
  });
});
