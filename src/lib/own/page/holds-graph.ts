import { fileKind } from '#lib/weights/file-kind.ts';

/** Whether one of the files is an ONNX model, by their first bytes. One that cannot be read is none. */
export async function holdsGraph(files: readonly Blob[]): Promise<boolean> {
  for (const file of files) {
    const head = await file
      .slice(0, 4096)
      .arrayBuffer()
      .catch(() => new ArrayBuffer(0));
    if (fileKind(new Uint8Array(head)) === 'onnx') return true;
  }
  return false;
}
