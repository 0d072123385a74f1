import { expect, it } from 'vitest';
import { maskingOf } from './masks.ts';
import { graphFor, SIZES } from './model.ts';
import { STATIONS } from './state.ts';
import { boardAt } from './stations.ts';

it('each station shows as many tokens as its tensor has; mask tokens are those that are still missing', () => {
  const masking = maskingOf('random', { ratio: 0.75, seed: 2, side: SIZES.grid });
  const graph = graphFor(masking.visible);
  for (const station of STATIONS) {
    const { cls, cells, tensor } = boardAt(station, masking);
    const masks = cells.filter(({ as }) => as === 'mask').length;
    const missing = station === 'fill' ? masks : 0;
    expect(cells.length + Number(cls) - missing, station).toBe(graph.value(tensor).shape[1]);
    expect(masks).toBe(station === 'fill' || station === 'unshuffle' ? SIZES.patches - masking.visible : 0);
  }
});

it('unshuffling puts every patch where it lies in the picture', () => {
  const masking = maskingOf('random', { ratio: 0.5, seed: 4, side: SIZES.grid });
  const { cells } = boardAt('unshuffle', masking);
  cells.forEach(({ patch, as }, place) => {
    expect(patch).toBe(place);
    expect(as === 'mask').toBe(masking.hidden[place]);
  });
});
