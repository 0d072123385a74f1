import { awaiting } from '#lib/base/awaited.svelte.ts';
import { Fault, type FaultRecord } from '#lib/base/errors.ts';
import { fileHref } from '#lib/base/paths.ts';
import { toRecord } from '#lib/runtime/protocol.ts';

/** The pixels of the sheet of samples, fetched once. Reactive. */
export class SampleSheet {
  readonly #file: string;
  #bitmap = $state.raw<ImageBitmap>();
  #fault = $state.raw<FaultRecord>();
  #loading: Promise<void> | undefined;

  /** @param file under `static/emoji/` */
  constructor(file: string) {
    this.#file = file;
  }

  get bitmap(): ImageBitmap | undefined {
    return this.#bitmap;
  }
  /** Why it has not come; `load` tries again. */
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }
  load(): Promise<void> {
    this.#loading ??= awaiting(() => this.#load());
    return this.#loading;
  }
  retry(): void {
    void this.load();
  }

  async #load(): Promise<void> {
    const file = this.#file;
    this.#fault = undefined;
    try {
      const response = await fetch(fileHref(`emoji/${file}`)).catch((error: unknown) => {
        throw new Fault(navigator.onLine ? 'download-failed' : 'offline', { file }, error);
      });
      if (!response.ok) throw new Fault('download-failed', { file, reason: `HTTP ${response.status}` });
      this.#bitmap = await createImageBitmap(await response.blob());
    } catch (error) {
      this.#fault = toRecord(error);
      this.#loading = undefined;
    }
  }
}
