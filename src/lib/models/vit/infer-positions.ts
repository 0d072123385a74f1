import { shapeText, WeightsError, type WeightSource } from '#lib/weights/source.ts';
import type { Assumption } from '../family.ts';
import type { NamedShapes } from './bind.ts';
import type { ViTConfig } from './config.ts';

/** Fields whose value is known. */
export type Set = Readonly<Partial<ViTConfig>>;

/**
 * Rotary positions leave no trace but what is beside them: DINOv3 has registers and no positions, EVA-02 a gated MLP and
 * biases of query and value alone.
 */
export function rotaryOf(
  source: WeightSource,
  shapes: NamedShapes,
  known: { readonly gatedMlp: boolean; readonly relative: boolean; readonly learned: boolean },
): 'centred' | 'grid' | undefined {
  const names = source.names();
  if (known.relative) return undefined;
  if (names.some((name) => /(^|\.)rope\.freqs_(cos|sin)$/.test(name))) return 'grid';
  if (shapes.style === 'hf-dinov3' || names.some((name) => /(^|\.)rope(_embed)?\.periods$/.test(name)))
    return 'centred';
  if (!known.learned) return shapes.shape('reg_token') === undefined ? undefined : 'centred';
  const eva = names.some((name) => /\.attn\.(q_bias|q_proj\.weight)$/.test(name));
  return known.gatedMlp && eva ? 'grid' : undefined;
}

/** Biases by distance: a table of each block, or one of all. */
export function relPositionsOf(has: (name: string) => boolean) {
  const [own, shared] = ['blocks.0.attn', 'rel_pos_bias'].map(
    (name) => `${name}.relative_position_bias_table`,
  ) as [string, string];
  if (has(own)) return { kind: 'blocks', table: own } as const;
  return has(shared) ? ({ kind: 'shared', table: shared } as const) : undefined;
}

/** Patches along a side of the square grid that a table of distances is for; undefined where the picture is set. */
export function gridOfTable(shapes: NamedShapes, table: string, set: Set): number | undefined {
  const [rows = 0] = rankOf(shapes, table, 2);
  const side = (Math.sqrt(rows - 3) + 1) / 2;
  if (Number.isInteger(side)) return side;
  return set.image === undefined
    ? fail(
        shapes,
        table,
        `${rows} rows are no distances of a square grid; image=… and imageWidth=… must be set`,
      )
    : undefined;
}

export interface Positions {
  readonly rows: number;
  readonly columns: number;
  readonly clsPosition: boolean;
  readonly registerPosition?: false;
  /** Side of the square picture that they are stored for, where it is another. */
  readonly storedImage?: number;
  readonly habits: readonly Assumption[];
}

export interface Place {
  /** CLS and the distillation token, as many as there are. */
  readonly named: number;
  readonly registers: number;
  readonly patch: number;
}

/** The grid of positions, and which of the other tokens have positions too. */
export function positionsOf(shapes: NamedShapes, place: Place, set: Set): Positions | undefined {
  if (shapes.shape('pos_embed') === undefined) return undefined;
  const [, count = 0] = rankOf(shapes, 'pos_embed', 3);
  const { named, registers, patch } = place;
  const all = named + registers;
  // How many of the positions may be those of other tokens, the usual first where a grid could be had in two ways.
  const others = [...new Set([0, all, named])].filter(
    (n) => set.clsPosition === undefined || n > 0 === set.clsPosition,
  );
  const as = (other: number, rows: number, columns: number, habits: readonly Assumption[]): Positions => ({
    rows,
    columns,
    clsPosition: other > 0,
    ...(other > 0 && other < all && { registerPosition: false as const }),
    habits,
  });
  /** Positions of another picture: of what `storedImage` says, or of a square one that cannot be mistaken. */
  const resized = (rows: number, columns: number): Positions => {
    const side = set.storedImage && Math.floor(set.storedImage / patch);
    const high = side || 0;
    const wide = set.storedImageWidth ? Math.floor(set.storedImageWidth / patch) : high;
    const told = others.find((n) => high > 0 && count - n === high * wide);
    if (told !== undefined) return as(told, rows, columns, []);
    const square = others.find((n) => Number.isInteger(Math.sqrt(count - n)));
    const plain = square !== undefined && (square > 0 || named === 0) && !set.storedImage && count > square;
    if (!plain)
      return fail(
        shapes,
        'pos_embed',
        `${count} positions are none of a picture of ${rows} × ${columns} patches; storedImage=… and storedImageWidth=… say for which picture they are stored`,
      );
    const stored = Math.sqrt(count - square);
    const why = `positions of ${stored} × ${stored} patches, resized to ${rows} × ${columns}`;
    const habit = { field: 'storedImage', value: stored * patch, why };
    return { ...as(square, rows, columns, [habit]), storedImage: stored * patch };
  };
  if (set.image !== undefined) {
    const [rows, columns] = [
      Math.floor(set.image / patch),
      Math.floor((set.imageWidth ?? set.image) / patch),
    ];
    const other = others.find((n) => count - n === rows * columns);
    if (other !== undefined) return as(other, rows, columns, []);
    return resized(rows, columns);
  }
  for (const other of others) {
    const side = Math.sqrt(count - other);
    if (!Number.isInteger(side) || side < 1) continue;
    const square = {
      field: 'image',
      value: side * patch,
      why: `a square picture: ${side} × ${side} positions`,
    };
    const alone = { field: 'clsPosition', value: false, why: `${count} positions, all of them for patches` };
    return as(other, side, side, other === 0 && named > 0 ? [square, alone] : [square]);
  }
  const rule =
    all === 0
      ? `${count} positions make no square grid`
      : `neither ${count} nor ${count} − ${all} positions make a square grid`;
  return fail(
    shapes,
    'pos_embed',
    `${rule}; for a picture that is not square, image=… and imageWidth=… must be set`,
  );
}

export function rankOf(shapes: NamedShapes, name: string, rank: number): readonly number[] {
  const shape = shapes.shape(name);
  if (shape?.length !== rank) return fail(shapes, name, `${rank} dimensions are needed`);
  return shape;
}

export function fail(shapes: NamedShapes, tensor: string, rule: string): never {
  throw new WeightsError(`its shape is ${shapeText(shapes.shape(tensor) ?? [])}; ${rule}`, {
    ...shapes.at,
    tensor,
  });
}
