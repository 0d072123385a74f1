/**
 * The reader's own picture: kept in this browser (IndexedDB), so that it is there after a reload and in the next
 * lesson, and sent nowhere. One picture; a new one takes the old one's place.
 */
export interface OwnPicture {
  /** The file as it came. */
  readonly blob: Blob;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly kept: number;
}

const STORE = 'pictures';
const KEY = 'own';

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('patchwork', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB refused'));
    request.onblocked = () => reject(new Error('IndexedDB blocked'));
  });
}

async function within<T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const db = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = db.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () =>
        reject(transaction.error ?? new Error('IndexedDB failed'));
    });
  } finally {
    db.close();
  }
}

/** The kept picture, or undefined when there is none or the browser keeps nothing (private windows). */
export async function recallOwn(): Promise<OwnPicture | undefined> {
  try {
    const found: unknown = await within('readonly', (store) => store.get(KEY) as IDBRequest<unknown>);
    if (!found || typeof found !== 'object' || !('bytes' in found) || !('type' in found)) return undefined;
    const { bytes, type, name, kept } = found as {
      bytes: ArrayBuffer;
      type: string;
      name?: string;
      kept?: number;
    };
    return { blob: new Blob([bytes], { type }), name: name ?? '', kept: kept ?? 0 };
  } catch {
    return undefined;
  }
}

/** Keeps a picture. False when the browser refused (full, or a private window): it then lasts until the page is closed. */
export async function keepOwn(blob: Blob, name: string): Promise<boolean> {
  try {
    // Bytes rather than the blob itself: some browsers lose stored blobs when the file behind them is gone.
    const bytes = await blob.arrayBuffer();
    await within('readwrite', (store) => store.put({ bytes, type: blob.type, name, kept: Date.now() }, KEY));
    return true;
  } catch {
    return false;
  }
}

/** Forgets the picture. */
export async function forgetOwn(): Promise<void> {
  try {
    await within('readwrite', (store) => store.delete(KEY));
  } catch {
    // There was none to forget.
  }
}
