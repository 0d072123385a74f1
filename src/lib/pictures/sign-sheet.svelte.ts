import { awaiting } from '#lib/base/awaited.svelte.ts';
import { Fault, type FaultRecord } from '#lib/base/errors.ts';
import { fileHref } from '#lib/base/paths.ts';
import { layOnWhite, type Rgba } from '#lib/images/index.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import { emojiSource, type EmojiAtlas } from './emoji.ts';

/** Where a sign lies in a square picture: its upper left corner and its side, in sides of the picture. */
export interface Placement {
  /** Id of a sign of the atlas, `1F415`. */
  readonly sign: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

interface Sheet {
  readonly atlas: EmojiAtlas;
  readonly bitmap: ImageBitmap;
}

/** One sign, the square of the atlas as it is. */
export const whole = (sign: string): readonly Placement[] => [{ sign, x: 0, y: 0, size: 1 }];

/** The pixels of the signs, decoded once, for a network that looks at pictures of them. Reactive. */
export class SignSheet {
  #sheet = $state.raw<Sheet>();
  #fault = $state.raw<FaultRecord>();
  #loading: Promise<void> | undefined;

  get ready(): boolean {
    return this.#sheet !== undefined;
  }
  /** Why the pixels have not come; `load` tries again. */
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }

  /** Fetches the atlas, if it is neither here nor on its way. */
  load(atlas: EmojiAtlas): Promise<void> {
    this.#loading ??= awaiting(() => this.#load(atlas));
    return this.#loading;
  }

  async #load(atlas: EmojiAtlas): Promise<void> {
    const { file } = atlas;
    this.#fault = undefined;
    try {
      const response = await fetch(fileHref(`emoji/${file}`));
      if (!response.ok) throw new Fault('download-failed', { file, reason: `HTTP ${response.status}` });
      const bitmap = await createImageBitmap(await response.blob());
      this.#sheet = { atlas, bitmap };
    } catch (error) {
      this.#fault = toRecord(error);
      this.#loading = undefined;
    }
  }

  /**
   * Draws the sign of this place in the atlas, on white as the model knows it, into a square of a canvas.
   * @returns false before the atlas has come
   */
  draw(
    context: CanvasRenderingContext2D,
    index: number,
    square: { x: number; y: number; side: number },
  ): boolean {
    const sheet = this.#sheet;
    if (!sheet) return false;
    const { x, y, side } = square;
    const from = emojiSource(sheet.atlas, index);
    context.fillStyle = '#fff';
    context.fillRect(x, y, side, side);
    context.imageSmoothingQuality = 'high';
    context.drawImage(sheet.bitmap, from.x, from.y, from.width, from.height, x, y, side, side);
    return true;
  }

  /**
   * A square picture of signs, later ones over earlier ones, on white as the model knows them.
   * @param side of the square in pixels
   * @returns undefined before the atlas has come, and where it has no such sign
   */
  picture(placements: readonly Placement[], side: number): Rgba | undefined {
    const sheet = this.#sheet;
    if (!sheet) return undefined;
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = side;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) return undefined;
    context.imageSmoothingQuality = 'high';
    for (const { sign, x, y, size } of placements) {
      const index = sheet.atlas.concepts.findIndex(({ id }) => id === sign);
      if (index < 0) return undefined;
      const from = emojiSource(sheet.atlas, index);
      const [left, top, width] = [x, y, size].map((part) => Math.round(part * side)) as [
        number,
        number,
        number,
      ];
      context.drawImage(sheet.bitmap, from.x, from.y, from.width, from.height, left, top, width, width);
    }
    const { data } = context.getImageData(0, 0, side, side);
    layOnWhite(data);
    return { width: side, height: side, data };
  }
}
