import type { Masking } from './masks.ts';
import type { STATIONS } from './state.ts';

export type Station = (typeof STATIONS)[number];

/** One cell of a sequence: a patch by its number, or a copy of the mask token. */
export interface BoardCell {
  readonly patch: number;
  /** `pixels`: as it lies in the picture. `dropped`: on its way out. `code`: a token. `mask`: a mask token. `painted`. */
  readonly as: 'pixels' | 'dropped' | 'code' | 'mask' | 'painted';
}

/** The sequence at a station. */
export interface Board {
  /** The class token stands before it. */
  readonly cls: boolean;
  readonly cells: readonly BoardCell[];
  /** The tensor of the graph that holds it. */
  readonly tensor: string;
}

/** The tensor of each station; of the shuffle it is the one before, read in another order. */
export const STATION_TENSORS: Readonly<Record<Station, string>> = {
  patches: 'pos_added',
  shuffle: 'pos_added',
  keep: 'visible',
  encode: 'norm',
  fill: 'decoder_embed',
  unshuffle: 'decoder_tokens',
  paint: 'patch_pred',
};

/** What stands in the sequence at a station, in its order. */
export function boardAt(station: Station, { order, visible, hidden }: Masking): Board {
  const tensor = STATION_TENSORS[station];
  const inPlace = hidden.map((_, patch) => patch);
  const seen = order.slice(0, visible);
  const gone = order.slice(visible);
  const as = (patches: readonly number[], kind: BoardCell['as']) =>
    patches.map((patch) => ({ patch, as: kind }));
  switch (station) {
    case 'patches':
      return { cls: false, tensor, cells: as(inPlace, 'pixels') };
    case 'shuffle':
      return { cls: false, tensor, cells: [...as(seen, 'pixels'), ...as(gone, 'dropped')] };
    case 'keep':
      return { cls: false, tensor, cells: as(seen, 'pixels') };
    case 'encode':
      return { cls: true, tensor, cells: as(seen, 'code') };
    case 'fill':
      return { cls: true, tensor, cells: [...as(seen, 'code'), ...as(gone, 'mask')] };
    case 'unshuffle':
      return {
        cls: true,
        tensor,
        cells: inPlace.map((patch) => ({ patch, as: hidden[patch] ? 'mask' : 'code' })),
      };
    case 'paint':
      return { cls: false, tensor, cells: as(inPlace, 'painted') };
  }
}
