import { describe, expect, it } from 'vitest';
import { changeKept, dropKept, keepModel, keptModels, recallKept, type KeptModel } from './kept.ts';

/** A folder in memory that behaves as those of a browser's private file system do, with room for so many bytes. */
class Folder {
  readonly kind = 'directory';
  readonly inside = new Map<string, Folder | Kept>();
  readonly #store: { left: number };
  constructor(store: { left: number }) {
    this.#store = store;
  }
  async getDirectoryHandle(name: string, { create = false } = {}) {
    const found = this.inside.get(name) ?? (create ? new Folder(this.#store) : undefined);
    if (!(found instanceof Folder)) throw new DOMException('none', 'NotFoundError');
    this.inside.set(name, found);
    return found;
  }
  async getFileHandle(name: string, { create = false } = {}) {
    const found = this.inside.get(name) ?? (create ? new Kept(name, this.#store) : undefined);
    if (!(found instanceof Kept)) throw new DOMException('none', 'NotFoundError');
    this.inside.set(name, found);
    return found;
  }
  async removeEntry(name: string) {
    if (!this.inside.delete(name)) throw new DOMException('none', 'NotFoundError');
  }
  async *entries() {
    yield* [...this.inside];
  }
}
class Kept {
  readonly kind = 'file';
  readonly #name: string;
  readonly #store: { left: number };
  #content = new Blob([]);
  constructor(name: string, store: { left: number }) {
    this.#name = name;
    this.#store = store;
  }
  getFile = async () => new File([this.#content], this.#name, { lastModified: 1 });
  async createWritable() {
    const parts: (Blob | string)[] = [];
    return {
      write: async (part: Blob | string) => {
        this.#store.left -= typeof part === 'string' ? part.length : part.size;
        if (this.#store.left < 0) throw new DOMException('full', 'QuotaExceededError');
        parts.push(part);
      },
      close: async () => void (this.#content = new Blob(parts)),
      abort: async () => {},
    };
  }
}
function store(room = 1e9) {
  const folder = new Folder({ left: room });
  return { folder, root: async () => folder as unknown as FileSystemDirectoryHandle };
}
const about = (name: string, title: string): KeptModel => ({
  schema: 'patchwork-own/1',
  name,
  title,
  bytes: 5,
  files: ['w.pth', 'config.json'],
  corrected: { set: { heads: 2 } },
  names: ['猫'],
});
const files = [new File(['abc'], 'w.pth'), new File(['{}'], 'config.json')];

describe('models that the reader keeps', () => {
  it('come back with their files’ names and what is known of them, are renamed and deleted', async () => {
    const { root } = store();
    const seen: number[] = [];
    await keepModel(about('own-2', 'B'), files, { root, onProgress: (n) => seen.push(n) });
    await keepModel(about('own-1', 'A'), files, { root });
    expect(seen).toEqual([3, 5]);
    expect((await keptModels(root)).map(({ title }) => title)).toEqual(['A', 'B']);
    await changeKept('own-2', { title: '0', corrected: { set: { heads: 4 } } }, root);
    expect((await keptModels(root)).map(({ name }) => name)).toEqual(['own-2', 'own-1']);
    const found = await recallKept('own-2', root);
    expect(found?.about).toMatchObject({ title: '0', names: ['猫'], corrected: { set: { heads: 4 } } });
    expect(found?.files.map(({ name }) => name)).toEqual(['w.pth', 'config.json']);
    expect(await found?.files[0]?.text()).toBe('abc');
    await dropKept('own-2', root);
    expect(await recallKept('own-2', root)).toBeUndefined();
    expect(await keptModels(root)).toHaveLength(1);
  });

  it('are not kept by half: a full store says so, a cancel leaves nothing, and remains are removed', async () => {
    const { root, folder } = store(4);
    const full = keepModel(about('own-1', 'A'), files, { root });
    await expect(full).rejects.toMatchObject({ code: 'weights-invalid' });
    await expect(full).rejects.toThrow(/A: the browser’s store for this site is full/);
    expect(await keptModels(root)).toEqual([]);

    const stop = new AbortController();
    const stopped = keepModel(about('own-1', 'A'), files, {
      root: store().root,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });

    // A page that was closed while it wrote.
    const all = await folder.getDirectoryHandle('own-models');
    const half = await all.getDirectoryHandle('own-3', { create: true });
    await half.getFileHandle('0', { create: true });
    expect(await keptModels(root)).toEqual([]);
    expect((await folder.getDirectoryHandle('own-models')).inside.size).toBe(0);
  });
});
