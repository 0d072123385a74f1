import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { describe, expect, test } from 'vitest';
import { KeepError, Shelf } from './shelf.ts';

const one = { title: 'One', cells: ['1'] };

describe('notebooks that a browser keeps', () => {
  test('are listed, read, changed, renamed and doubled', async () => {
    const shelf = new Shelf(new IDBFactory());
    expect(await shelf.list()).toEqual([]);
    const { kept, copied } = await shelf.put(one, undefined);
    expect([copied, kept.revision]).toEqual([false, 1]);
    const { kept: changed } = await shelf.put({ ...one, cells: ['1', '2'] }, kept);
    expect(changed).toMatchObject({ id: kept.id, revision: 2, cells: ['1', '2'] });
    await shelf.rename(kept.id, 'Two');
    expect(await shelf.get(kept.id)).toMatchObject({ title: 'Two', cells: ['1', '2'], revision: 3 });
    const double = await shelf.duplicate(kept.id, 'Three');
    expect((await shelf.list()).map(({ title }) => title).sort()).toEqual(['Three', 'Two']);
    expect(double?.id).not.toBe(kept.id);
    expect(await shelf.get('nothing')).toBeUndefined();
  });

  test('are put back after they were deleted, for a day, whatever other windows are opened meanwhile', async () => {
    const factory = new IDBFactory();
    const shelf = new Shelf(factory);
    const { kept } = await shelf.put(one, undefined);
    await shelf.remove(kept.id);
    expect(await shelf.list()).toEqual([]);
    await shelf.restore(kept.id);
    expect(await shelf.list()).toHaveLength(1);
    await shelf.remove(kept.id);
    const other = new Shelf(factory);
    await other.sweep();
    await shelf.restore(kept.id);
    expect(await other.list()).toHaveLength(1);
    await shelf.remove(kept.id);
    await other.sweep(Date.now() + 25 * 3600 * 1000);
    await shelf.restore(kept.id);
    expect(await other.list()).toEqual([]);
  });

  test('changed in two windows are both there', async () => {
    const factory = new IDBFactory();
    const [left, right] = [new Shelf(factory), new Shelf(factory)];
    const { kept } = await left.put(one, undefined);
    await left.put({ ...one, cells: ['left'] }, kept);
    const { kept: mine, copied } = await right.put(
      { ...one, cells: ['right'] },
      kept,
      (title) => `${title} (2)`,
    );
    expect(copied).toBe(true);
    expect(mine).toMatchObject({ title: 'One (2)', cells: ['right'], revision: 1 });
    expect((await left.list()).map(({ cells }) => cells[0]).sort()).toEqual(['left', 'right']);
  });

  test('a full store and none at all are errors that say so', async () => {
    const full = new IDBFactory();
    const shelf = new Shelf(full);
    await shelf.put(one, undefined);
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    const error: unknown = await shelf.put(one, undefined).catch((e: unknown) => e);
    IDBObjectStore.prototype.put = put;
    expect(error).toBeInstanceOf(KeepError);
    expect(error).toMatchObject({ why: 'full' });
    expect(await shelf.list()).toHaveLength(1);
    await expect(new Shelf(undefined).list()).rejects.toMatchObject({ why: 'refused' });
  });
});
