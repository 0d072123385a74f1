import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { safetensorsLayout, type SafetensorsLayout } from '#lib/weights/safetensors.ts';
import { writeAt } from './files.ts';

/**
 * A safetensors file written tensor by tensor while pictures go through the model, so that no more than one picture's
 * tensors are in memory. Tensors are float32, `[pictures, …]`. The file appears under its name once it is whole.
 */
export class TensorFile {
  readonly #path: string;
  readonly #draft: string;
  readonly #file: number;
  readonly #layout: SafetensorsLayout;
  #open = true;
  #whole = false;

  /** @param tensors names and shapes of one picture's tensors, stacked by their first axis @param pictures in order */
  constructor(
    path: string,
    tensors: readonly { readonly name: string; readonly shape: readonly number[] }[],
    pictures: readonly { readonly name: string }[],
  ) {
    this.#path = path;
    this.#draft = `${path}.part`;
    // A constant has no axis for pictures: the mask of shifted windows begins with the windows.
    const stacked = tensors.map(({ name, shape: [first = 1, ...rest] }) => ({
      name,
      shape: [pictures.length * first, ...rest],
    }));
    this.#layout = safetensorsLayout(stacked, { images: JSON.stringify(pictures.map((p) => p.name)) });
    this.#file = openSync(this.#draft, 'w');
    writeAt(this.#file, this.#layout.head, 0);
  }

  /** Writes one picture's part of a tensor. */
  write(name: string, index: number, values: Float32Array): void {
    const at = this.#layout.offsets.get(name)! + index * values.byteLength;
    writeAt(this.#file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
  }

  /** Everything is written: `close` will leave the file in place. */
  keep(): void {
    this.#whole = true;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#file);
    if (this.#whole) renameSync(this.#draft, this.#path);
    else rmSync(this.#draft, { force: true });
  }
}
