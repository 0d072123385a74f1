import { formatFixed, formatPercent, formatShort, formatValue } from '#lib/base/format.ts';
import { CONFIG, shapesOf, SIDE, TRAINED } from '#lib/notebook/patch-shapes.ts';
import { patchGeometry } from '#lib/images/index.ts';
import type { ProseNumber } from '#lib/notebook/room.ts';
import type { TokensRoom } from './room.svelte.ts';
import { PRESETS } from './shapes.ts';

/**
 * The numbers the prose may name, at the present patch size or, as `N@8`, at another. Shapes and counts come from the
 * graph's description, answers and differences from tensors of the running model (undefined until they are there).
 */
export function numberOf(room: TokensRoom, name: string): ProseNumber | undefined {
  const [key = '', other] = name.split('@');
  const p = other === undefined ? room.p : Number(other);
  const { rows, count } = patchGeometry(SIDE, p);
  const from = (origin: string) => (value: number | string | undefined, dim?: string) =>
    value === undefined ? undefined : { value, from: origin, ...(dim && { dim }) };
  const graph = from('graph');
  const input = from('input');
  const { runs, embedding, state } = room;
  switch (key) {
    case 'p':
      return input(p, 'p');
    case 'rows':
      return graph(rows, 'N');
    case 'N':
      return graph(count, 'N');
    case 'T':
      return graph(count + 1, 'T');
    case 'P':
      return graph(CONFIG.channels * p * p, 'P');
    case 'D':
      return graph(CONFIG.dim, 'D');
    case 'stored':
      return graph(CONFIG.image / CONFIG.patch, 'N');
    case 'kernel':
      return graph(CONFIG.dim * CONFIG.channels * p * p, 'D');
    case 'products':
      return graph(count * CONFIG.dim * CONFIG.channels * p * p);
    case 'n':
      return input(room.pointed, 'N');
    case 'n1':
      return input(room.pointed + 1, 'T');
    case 'k':
      return input(state.k, 'D');
    case 'block':
      return input(state.block);
    case 'head':
      return input(state.head, 'h');
    case 'trained':
      return { value: TRAINED.join(', '), from: 'config' };
    case 'timmrows':
      return graph(tableOf('b')?.shape[1], 'T');
    case 'timmtable':
      return graph(tableOf('b')?.parameters);
    case 'b-embed':
      return graph(formatShort(embedOf('b')));
    case 'b-share':
      return graph(formatPercent(embedOf('b') / shapesOf(PRESETS.b.preset, 16).description.parameters));
    case 'share': {
      const { pca } = embedding;
      return from('tensor:patch_embed.proj.weight')(
        pca?.variance[0] === undefined ? undefined : formatPercent(pca.variance[0] / pca.total),
      );
    }
    case 'twice':
      return from('tensor:patch_embed')(embedding.twice && formatValue(embedding.twice.betweenThem, 2));
    case 'uniform':
      return graph(`1/${count}`);
    case 'equal':
      return from('tensor:norm')(value(runs.difference(false)));
    case 'unequal':
      return from('tensor:norm')(value(runs.difference(true)));
    case 'chance':
      return chance(runs.straight);
    case 'chance-off':
      return chance(runs.find(false, false));
    case 'distance':
      return distance(runs.straight);
    case 'distance-off':
      return distance(runs.find(false, false));
    default:
      return undefined;
  }
  function value(v: number | undefined) {
    return v === undefined ? undefined : formatValue(v, 2);
  }
  function chance(run: Parameters<typeof runs.chance>[0]) {
    const c = runs.chance(run);
    return from('tensor:probs')(c === undefined ? undefined : formatPercent(c));
  }
  function distance(run: Parameters<typeof runs.distance>[0]) {
    const d = runs.distance(run);
    return from(`tensor:${runs.attention}`)(d === undefined ? undefined : formatFixed(d, 1));
  }
}

const tableOf = (size: keyof typeof PRESETS) =>
  shapesOf(PRESETS[size].preset, 16).description.weights.find((w) => w.name === 'pos_embed');
const embedOf = (size: keyof typeof PRESETS) =>
  shapesOf(PRESETS[size].preset, 16)
    .description.tensors.filter((t) => ['patch_embed', 'cls_cat', 'tokens'].includes(t.name))
    .reduce((sum, t) => sum + t.parameters, 0);
