import { Fault } from '#lib/base/errors.ts';
import { WeightsError } from '#lib/weights/source.ts';
import type { Corrected } from './corrected.ts';

/*
 * Models that the reader agrees to keep: files of the origin's private file system, which no other site and no other
 * program sees. A folder a model, with its files numbered and `about.json`, which is written last: a folder without
 * one was never finished.
 */

const FOLDER = 'own-models';
const ABOUT = 'about.json';
/** What is written at a time: between two of these a cancel is heard. */
const STRETCH = 8 * 1024 * 1024;

/** What is known of a kept model without reading its weights. */
export interface KeptModel {
  readonly schema: 'patchwork-own/1';
  readonly name: string;
  readonly title: string;
  /** Bytes of its files together. */
  readonly bytes: number;
  /** Their names, in the order they are stored in. */
  readonly files: readonly string[];
  readonly corrected: Corrected;
  /** Names of the classes, as the reader gave them. */
  readonly names: readonly string[];
}

type Root = () => Promise<FileSystemDirectoryHandle>;
const browserRoot: Root = () => navigator.storage.getDirectory();

/** Whether this browser lets a page keep files; one that is opened without https does not. */
export function canKeep(): boolean {
  return typeof navigator !== 'undefined' && typeof navigator.storage?.getDirectory === 'function';
}

const folderOf = async (root: Root) => (await root()).getDirectoryHandle(FOLDER, { create: true });

async function aboutIn(folder: FileSystemDirectoryHandle): Promise<KeptModel | undefined> {
  try {
    const file = await (await folder.getFileHandle(ABOUT)).getFile();
    const about = JSON.parse(await file.text()) as Partial<KeptModel> | null;
    return about?.schema === 'patchwork-own/1' ? (about as KeptModel) : undefined;
  } catch {
    return undefined;
  }
}

/** All models that are kept, by title. What was never finished is removed. */
export async function keptModels(root: Root = browserRoot): Promise<readonly KeptModel[]> {
  const folder = await folderOf(root);
  const found: KeptModel[] = [];
  const broken: string[] = [];
  for await (const [name, entry] of folder.entries()) {
    const about = entry.kind === 'directory' ? await aboutIn(entry as FileSystemDirectoryHandle) : undefined;
    if (about) found.push(about);
    else broken.push(name);
  }
  for (const name of broken) {
    if (!writing.has(name) && !(await isFresh(folder, name)))
      await folder.removeEntry(name, { recursive: true });
  }
  return found.sort((a, b) => (a.title < b.title ? -1 : 1));
}

/** A kept model and its files; undefined where it is not kept. The files are read when somebody reads them. */
export async function recallKept(
  name: string,
  root: Root = browserRoot,
): Promise<{ readonly about: KeptModel; readonly files: readonly File[] } | undefined> {
  try {
    const folder = await (await folderOf(root)).getDirectoryHandle(name);
    const about = await aboutIn(folder);
    if (!about) return undefined;
    const files: File[] = [];
    for (const [i, title] of about.files.entries()) {
      const file = await (await folder.getFileHandle(String(i))).getFile();
      const read = new File([file], title, { lastModified: file.lastModified });
      stored.add(read);
      files.push(read);
    }
    return { about, files };
  } catch {
    return undefined;
  }
}

/** Files that are read from the store, as this page has them. */
const stored = new WeakSet<File>();

/** Whether files are read from the store: they cannot be any more once they are deleted there. */
export const areStored = (files: readonly File[]): boolean => files.some((file) => stored.has(file));

/** Models that this page is writing. */
const writing = new Set<string>();

/** Another page may be writing it: one of its files was begun within the last hour. */
async function isFresh(folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    for await (const [, entry] of (await folder.getDirectoryHandle(name)).entries()) {
      if (entry.kind !== 'file') continue;
      const { lastModified } = await (entry as FileSystemFileHandle).getFile();
      if (Date.now() - lastModified < 3_600_000) return true;
    }
    return false;
  } catch {
    return false;
  }
}

/**
 * Keeps a model: copies its files, then says what they are.
 * @param onProgress told the bytes that are written so far
 * @throws WeightsError where the browser's store is full or refuses; Fault `cancelled`. Nothing of it is kept then.
 */
export async function keepModel(
  about: KeptModel,
  files: readonly File[],
  options: {
    readonly signal?: AbortSignal;
    readonly onProgress?: (written: number) => void;
    readonly root?: Root;
  } = {},
): Promise<void> {
  const { signal, onProgress, root = browserRoot } = options;
  const all = await folderOf(root);
  writing.add(about.name);
  try {
    const folder = await all.getDirectoryHandle(about.name, { create: true });
    let written = 0;
    for (const [i, file] of files.entries()) {
      const out = await (await folder.getFileHandle(String(i), { create: true })).createWritable();
      for (let at = 0; at < file.size; at += STRETCH) {
        if (signal?.aborted) {
          await out.abort();
          throw new Fault('cancelled');
        }
        await out.write(file.slice(at, at + STRETCH));
        onProgress?.((written += Math.min(STRETCH, file.size - at)));
      }
      await out.close();
    }
    await writeAbout(folder, about);
  } catch (error) {
    await all.removeEntry(about.name, { recursive: true }).catch(() => {});
    throw error instanceof Fault ? error : refused(error, about.title);
  } finally {
    writing.delete(about.name);
  }
}

async function writeAbout(folder: FileSystemDirectoryHandle, about: KeptModel): Promise<void> {
  const out = await (await folder.getFileHandle(ABOUT, { create: true })).createWritable();
  await out.write(JSON.stringify(about));
  await out.close();
}

/** Calls a kept model something else, or keeps other corrections and names of it. */
export async function changeKept(
  name: string,
  change: Partial<Pick<KeptModel, 'title' | 'corrected' | 'names'>>,
  root: Root = browserRoot,
): Promise<void> {
  const folder = await (await folderOf(root)).getDirectoryHandle(name);
  const about = await aboutIn(folder);
  if (about) await writeAbout(folder, { ...about, ...change });
}

/** Deletes a kept model. */
export async function dropKept(name: string, root: Root = browserRoot): Promise<void> {
  await (await folderOf(root)).removeEntry(name, { recursive: true });
}

function refused(error: unknown, file: string): WeightsError {
  const full = error instanceof DOMException && error.name === 'QuotaExceededError';
  const said = full
    ? {
        en: 'the browser’s store for this site is full, so it was not kept; delete a kept model, or go on without keeping it: it stays open as long as the page',
        zh: '浏览器为本站留出的空间已满，所以没有保存；可以删除一个已保存的模型，也可以不保存：只要页面开着，模型就一直可用',
      }
    : {
        en: 'the browser does not let this page keep files, so it was not kept; it stays open as long as the page',
        zh: '浏览器不允许本页保存文件，所以没有保存；只要页面开着，模型就一直可用',
      };
  return new WeightsError(said, { file }, error);
}
