import { awaiting } from '#lib/base/awaited.svelte.ts';
import { Fault, type FaultRecord } from '#lib/base/errors.ts';
import { fileHref } from '#lib/base/paths.ts';
import { modelFolder } from '#lib/runtime/addresses.ts';
import { fetchText } from '#lib/runtime/fetch-text.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import type { DownloadProgress } from '#lib/weights/download.ts';
import { loadEmojiAtlas, type EmojiAtlas } from './emoji.ts';
import { galleryPicture, type GalleryPicture } from './gallery.ts';
import { readIndexFile } from './index-file.ts';

/** Pictures whose embeddings were computed once, by the picture tower, and stored. */
export interface SignTable {
  readonly atlas: EmojiAtlas;
  /** Embeddings of the signs, `[S, E]`, rows of length 1, in the order of `atlas.concepts`. */
  readonly signs: Float32Array;
  /** Photos of the gallery, and their embeddings `[P, E]`. */
  readonly photos: readonly GalleryPicture[];
  readonly photoRows: Float32Array;
}

/** The index of the signs and photos that a word is compared with: fetched when `load` is called. Reactive. */
export class SignIndex {
  readonly #model: string;
  readonly #width: number;
  #table = $state.raw<SignTable>();
  #progress = $state.raw<DownloadProgress>();
  #fault = $state.raw<FaultRecord>();
  #loading: Promise<void> | undefined;

  /**
   * @param model the folder under `models/` whose picture tower made it
   * @param width values of an embedding
   */
  constructor(model: string, width: number) {
    this.#model = model;
    this.#width = width;
  }

  /** Undefined until it has come. */
  get table(): SignTable | undefined {
    return this.#table;
  }
  /** Bytes, while they are coming. */
  get progress(): DownloadProgress | undefined {
    return this.#progress;
  }
  /** Why it has not come; `load` tries again. */
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }

  /** Fetches names and embeddings, if they are neither here nor on their way. */
  load(): Promise<void> {
    this.#loading ??= awaiting(() => this.#load());
    return this.#loading;
  }

  async #load(): Promise<void> {
    this.#fault = undefined;
    try {
      const folder = modelFolder(this.#model);
      // What reads the file comes with it: the page stands without.
      const [atlas, { text, file }, { loadFile }, { parseSafetensors }] = await Promise.all([
        loadEmojiAtlas(fetch, fileHref('emoji/emoji.json')).catch((error: unknown) => {
          throw new Fault(navigator.onLine ? 'download-failed' : 'offline', { file: 'emoji.json' }, error);
        }),
        fetchText(folder, 'index.json'),
        import('#lib/weights/download.ts'),
        import('#lib/weights/safetensors.ts'),
      ]);
      const about = readIndexFile(text, file);
      const onProgress = (progress: DownloadProgress) => (this.#progress = progress);
      const bytes = await loadFile(folder + about.file, { ...about, onProgress });
      const stored = parseSafetensors(bytes, `${this.#model}/${about.file}`);
      const table = {
        atlas,
        signs: stored.float32('signs'),
        photos: about.photos.flatMap((id) => galleryPicture(id) ?? []),
        photoRows: stored.float32('photos'),
      };
      const fits =
        table.signs.length === atlas.concepts.length * this.#width &&
        table.photoRows.length === about.photos.length * this.#width &&
        table.photos.length === about.photos.length;
      if (!fits)
        throw new Fault('config-invalid', {
          file,
          field: 'photos',
          rule: 'are other pictures than the page has',
        });
      this.#table = table;
    } catch (error) {
      this.#fault = toRecord(error);
      this.#loading = undefined;
    } finally {
      this.#progress = undefined;
    }
  }
}
