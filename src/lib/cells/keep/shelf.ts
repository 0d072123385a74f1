import { readNotebook, type Notebook } from '../share/notebook.ts';

/** A notebook that this browser keeps. */
export interface Kept extends Notebook {
  readonly id: string;
  /** When it was changed last, milliseconds since 1970. */
  readonly changed: number;
  /** Counts its changes: who saves an older one than is kept has been overtaken by another window. */
  readonly revision: number;
}

/** Why a notebook could not be kept: the store is full, or there is none. */
export class KeepError extends Error {
  override readonly name = 'KeepError';
  readonly why: 'full' | 'refused';
  constructor(why: 'full' | 'refused', cause: unknown) {
    super(`The notebook could not be kept: ${why}`, { cause });
    this.why = why;
  }
}

const NAME = 'patchwork-notebooks';
const STORE = 'notebooks';

/** How long a deleted one stays in the store: another window may still offer to put it back. */
const STAYS_MS = 24 * 3600 * 1000;

/** What is in the store: deleted ones stay for a day, so that they can be put back. */
interface Row extends Kept {
  /** When it was deleted, milliseconds since 1970. */
  readonly deleted?: number;
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
  });

const ended = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB'));
  });

function keepError(error: unknown): KeepError {
  if (error instanceof KeepError) return error;
  const full = error instanceof DOMException && error.name === 'QuotaExceededError';
  return new KeepError(full ? 'full' : 'refused', error);
}

/** Notebooks of this browser, in IndexedDB. Everything rejects with a KeepError. */
export class Shelf {
  readonly #factory: IDBFactory | undefined;
  #opened: Promise<IDBDatabase> | undefined;

  /** Tests pass a store of their own. */
  constructor(factory: IDBFactory | undefined = globalThis.indexedDB) {
    this.#factory = factory;
  }

  /** Those that are kept, the newest first. */
  list(): Promise<Kept[]> {
    return this.#in('readonly', async (store) => {
      const rows: unknown[] = await done(store.getAll());
      return rows
        .flatMap((row) => readRow(row) ?? [])
        .filter(({ deleted }) => deleted === undefined)
        .sort((a, b) => b.changed - a.changed);
    });
  }

  get(id: string): Promise<Kept | undefined> {
    return this.#in('readonly', async (store) => {
      const row = readRow(await done(store.get(id)));
      return row?.deleted === undefined ? row : undefined;
    });
  }

  /**
   * Keeps a notebook. One that another window has changed since `revision` is left as it is there, and this one is kept
   * as a copy of its own: nothing is lost.
   * @param at which one it is, and the revision it was read at; undefined: a new one
   * @returns what was kept, and whether it is such a copy
   */
  put(
    notebook: Notebook,
    at: Pick<Kept, 'id' | 'revision'> | undefined,
    copyTitle: (title: string) => string = (title) => title,
  ): Promise<{ readonly kept: Kept; readonly copied: boolean }> {
    return this.#in('readwrite', async (store) => {
      const there = at && readRow(await done(store.get(at.id)));
      const copied = there !== undefined && there.revision !== at?.revision;
      const { title, cells } = notebook;
      const kept: Kept = {
        id: at && !copied ? at.id : crypto.randomUUID(),
        title: copied ? copyTitle(title) : title,
        cells: [...cells],
        changed: Date.now(),
        revision: copied ? 1 : (there?.revision ?? 0) + 1,
      };
      await done(store.put(kept));
      return { kept, copied };
    });
  }

  /** Calls one something else, whatever a window does with it meanwhile. */
  rename(id: string, title: string): Promise<void> {
    return this.#change(id, (row) => ({ ...row, title, changed: Date.now(), revision: row.revision + 1 }));
  }
  /** Another one of the same cells. */
  async duplicate(id: string, title: string): Promise<Kept | undefined> {
    const of = await this.get(id);
    return of && (await this.put({ title, cells: of.cells }, undefined)).kept;
  }
  /** Takes one out of the list; `restore` puts it back until `sweep`. */
  remove(id: string): Promise<void> {
    return this.#change(id, (row) => ({ ...row, deleted: Date.now() }));
  }
  restore(id: string): Promise<void> {
    return this.#change(id, ({ deleted: _, ...row }) => row);
  }
  /** Deletes for good what was taken out more than a day ago: at the beginning of a visit. */
  sweep(now = Date.now()): Promise<void> {
    return this.#in('readwrite', async (store) => {
      const rows: unknown[] = await done(store.getAll());
      for (const row of rows.flatMap((one) => readRow(one) ?? []))
        if (row.deleted !== undefined && row.deleted < now - STAYS_MS) await done(store.delete(row.id));
    });
  }

  #change(id: string, to: (row: Row) => Row): Promise<void> {
    return this.#in('readwrite', async (store) => {
      const row = readRow(await done(store.get(id)));
      if (row) await done(store.put(to(row)));
    });
  }

  async #in<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => Promise<T>): Promise<T> {
    try {
      this.#opened ??= this.#open();
      const transaction = (await this.#opened).transaction(STORE, mode);
      const end = ended(transaction);
      const [value] = await Promise.all([work(transaction.objectStore(STORE)), end]);
      return value;
    } catch (error) {
      throw keepError(error);
    }
  }
  #open(): Promise<IDBDatabase> {
    if (!this.#factory) return Promise.reject(new KeepError('refused', undefined));
    const request = this.#factory.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id' });
    return done(request);
  }
}

function readRow(of: unknown): Row | undefined {
  const notebook = readNotebook(of);
  if (!notebook) return undefined;
  const { id, changed, revision, deleted } = of as Record<string, unknown>;
  if (typeof id !== 'string' || typeof changed !== 'number' || typeof revision !== 'number') return undefined;
  return { ...notebook, id, changed, revision, ...(typeof deleted === 'number' && { deleted }) };
}
