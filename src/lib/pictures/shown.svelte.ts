import { Fault, type FaultRecord } from '#lib/base/errors.ts';
import type { DecodedImage } from '#lib/images/rgba.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import { fileHref } from '#lib/base/paths.ts';
import { keepChoice } from './choice.ts';
import { gallery, galleryPicture, OWN } from './gallery.ts';
import { keepOwn, recallOwn } from './own.ts';

/**
 * The picture a page shows: one of the gallery, or the reader's own. The wish (an id) comes from the lesson's state;
 * the newest wish wins, and the old picture stays until the new one is decoded. A picture that fails leaves the old
 * one and says why in `fault`.
 */
export class ShownPicture {
  #rgba = $state.raw<DecodedImage>();
  #shown = $state<string>();
  #loading = $state(false);
  #fault = $state.raw<FaultRecord>();
  #own: DecodedImage | undefined;
  /** False when the browser did not keep the reader's picture: it lasts until the page is closed. */
  #kept = $state(true);
  #ticket = 0;
  /** Id of the picture that is being fetched or decoded. */
  #coming: string | undefined;

  /** The decoded picture, whole, with what was done to it; undefined until the first one is there. */
  get rgba(): DecodedImage | undefined {
    return this.#rgba;
  }
  /** Id of the picture `rgba` holds. */
  get shown(): string | undefined {
    return this.#shown;
  }
  get loading(): boolean {
    return this.#loading;
  }
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }
  get kept(): boolean {
    return this.#kept;
  }
  dismiss(): void {
    this.#fault = undefined;
  }

  /** Shows the picture with this id. False when there is none of that name (or no own picture in this browser). */
  async show(id: string): Promise<boolean> {
    if (id === this.#coming) return true;
    const ticket = this.#begin(id === this.#shown ? undefined : id);
    if (id === this.#shown) return true;
    try {
      const rgba = id === OWN ? await this.#recall() : await fetchPicture(id);
      if (ticket !== this.#ticket) return true;
      if (rgba) this.#put(id, rgba);
      return rgba !== undefined;
    } catch (error) {
      if (ticket === this.#ticket) this.#fault = toRecord(error, 'image-unreadable');
      return true;
    } finally {
      this.#end(ticket);
    }
  }

  /**
   * Takes a file of the reader's, shows it and keeps it in this browser. False when it is no picture (see `fault`), or
   * when another one was asked for before this one was kept.
   */
  async take(blob: Blob, name: string): Promise<boolean> {
    const ticket = this.#begin(OWN);
    try {
      const rgba = await decode(blob, name);
      if (ticket !== this.#ticket) return false;
      this.#own = rgba;
      this.#put(OWN, rgba);
      this.#end(ticket);
      const kept = await keepOwn(blob, name);
      // Another picture may have been asked for meanwhile: that one stays.
      if (ticket !== this.#ticket) return false;
      this.#kept = kept;
      if (kept) keepChoice(OWN);
      return true;
    } catch (error) {
      if (ticket === this.#ticket) this.#fault = toRecord(error, 'image-unreadable');
      return false;
    } finally {
      this.#end(ticket);
    }
  }

  /** A newer wish: what is under way for an older one is dropped. */
  #begin(id: string | undefined): number {
    this.#coming = id;
    this.#loading = id !== undefined;
    return ++this.#ticket;
  }
  #end(ticket: number): void {
    if (ticket !== this.#ticket) return;
    this.#coming = undefined;
    this.#loading = false;
  }

  #put(id: string, rgba: DecodedImage): void {
    this.#rgba = rgba;
    this.#shown = id;
    this.#fault = undefined;
  }

  async #recall(): Promise<DecodedImage | undefined> {
    if (this.#own) return this.#own;
    const found = await recallOwn();
    if (!found) return undefined;
    this.#own = await decode(found.blob, found.name);
    return this.#own;
  }
}

async function decode(blob: Blob, name: string): Promise<DecodedImage> {
  const { decodeImage } = await import('#lib/images/decode.browser.ts');
  try {
    return await decodeImage(blob);
  } catch (error) {
    throw error instanceof Fault && name
      ? new Fault(error.code, { file: name, ...error.details }, error)
      : error;
  }
}

async function fetchPicture(id: string): Promise<DecodedImage | undefined> {
  const picture = galleryPicture(id);
  if (!picture) return undefined;
  let blob: Blob;
  try {
    const response = await fetch(fileHref(`pictures/${picture.file}`));
    if (!response.ok)
      throw new Fault('download-failed', { file: picture.file, reason: `HTTP ${response.status}` });
    blob = await response.blob();
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault(navigator.onLine ? 'download-failed' : 'offline', { file: picture.file }, error);
  }
  return decode(blob, picture.file);
}

/** The id to fall back to. */
export function firstPicture(): string {
  return gallery()[0]?.id ?? '';
}
