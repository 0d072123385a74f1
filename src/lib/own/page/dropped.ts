/**
 * The files that were dropped, and those that lie in a dropped folder, as a model comes from the Hub; of folders within it
 * none. What was dropped is asked in the turn of its event: later the browser tells no more of it.
 * @throws DOMException where the browser cannot read a folder
 */
export async function droppedFiles(dropped: DataTransfer | null): Promise<readonly File[]> {
  const files = [...(dropped?.files ?? [])];
  const entries = [...(dropped?.items ?? [])].map((item) => item.webkitGetAsEntry());
  if (!entries.some((entry) => entry?.isDirectory)) return files;
  const found = await Promise.all(entries.map((entry) => (entry ? filesIn(entry) : [])));
  return found.flat();
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
const fileOf = (entry: FileSystemFileEntry) => new Promise<File>((done, failed) => entry.file(done, failed));

async function filesIn(entry: FileSystemEntry): Promise<readonly File[]> {
  if (isFile(entry)) return [await fileOf(entry)];
  if (!isFolder(entry)) return [];
  const reader = entry.createReader();
  const inside: FileSystemEntry[] = [];
  // A folder is told in parts of a hundred; an empty part is the end.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (part.length === 0) break;
    inside.push(...part);
  }
  return Promise.all(inside.filter(isFile).map(fileOf));
}
