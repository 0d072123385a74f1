import { awaiting } from '#lib/base/awaited.svelte.ts';
import { Fault, type FaultRecord } from '#lib/base/errors.ts';
import { fileHref } from '#lib/base/paths.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import { readObjectAtlas, type ObjectAtlas } from './object-atlas.ts';
import { CONCEPTS, STYLES } from './scene.ts';
import { spritesOf, type Sprites } from './sprites.ts';

/** The objects' pictures as they are drawn from, and the sheet to paint buttons with. */
export interface Sheet {
  readonly atlas: ObjectAtlas;
  readonly sprites: Sprites;
  readonly bitmap: ImageBitmap;
}

/** The objects' pictures, fetched once. Reactive. */
export class SpriteSheet {
  #sheet = $state.raw<Sheet>();
  #fault = $state.raw<FaultRecord>();
  #loading: Promise<void> | undefined;

  get current(): Sheet | undefined {
    return this.#sheet;
  }
  /** Why they have not come; `load` tries again. */
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }
  /** Fetches them, if they are neither here nor on their way. */
  load(): Promise<void> {
    this.#loading ??= awaiting(() => this.#load());
    return this.#loading;
  }

  async #load(): Promise<void> {
    this.#fault = undefined;
    try {
      const atlas = readObjectAtlas(await (await fetched('objects.json')).json());
      const blob = await (await fetched(atlas.file)).blob();
      const bitmap = await createImageBitmap(blob, { premultiplyAlpha: 'none' });
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d', { willReadFrequently: true });
      if (!context) throw new Fault('image-unreadable', { file: atlas.file });
      context.drawImage(bitmap, 0, 0);
      const sheet = context.getImageData(0, 0, bitmap.width, bitmap.height);
      this.#sheet = { atlas, bitmap, sprites: spritesOf(sheet, atlas.tile, CONCEPTS * STYLES) };
    } catch (error) {
      this.#fault = toRecord(error);
      this.#loading = undefined;
    }
  }
}

async function fetched(file: string): Promise<Response> {
  const response = await fetch(fileHref(`emoji/${file}`)).catch((error: unknown) => {
    throw new Fault(navigator.onLine ? 'download-failed' : 'offline', { file }, error);
  });
  if (!response.ok) throw new Fault('download-failed', { file, reason: `HTTP ${response.status}` });
  return response;
}
