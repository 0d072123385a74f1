import { fileOf, type WeightSource } from '#lib/weights/source.ts';
import { prefixBefore } from './bind.ts';

/** What a tensor of a file becomes under the graph's names. */
export interface Target {
  readonly to: string;
  /** Query, key and value apart: it is part `[i, of]` of the tensor, whose parts are laid one after another. */
  readonly part?: readonly [index: number, of: number];
  /** Query, key and value together: only rows `[from, to)` of it, in thirds. */
  readonly rows?: readonly [from: number, to: number];
  /** The graph's tensor has so many dimensions; those before the file's are of size 1. */
  readonly rank?: number;
  /** So many axes of size 1 follow: a linear layer that is a convolution of 1 × 1 in the graph. */
  readonly trailing?: number;
  /** The file's axes in the order they are wanted in: `[1, 0]` for a matrix that is stored the other way round. */
  readonly axes?: readonly number[];
  /** After that, this axis and the next are one: heads and the values of each. */
  readonly merge?: number;
  /** It is multiplied into the tensor: 1 and 0 for each value of a bias (DINOv3, whose keys have none). */
  readonly masks?: true;
  /** A part that no block of the file has is zeros: biases of query and value alone. */
  readonly zeros?: true;
}

/** Names that a network has been published with, translated to the graph's. */
export interface Naming {
  readonly id: string;
  /** Whose names they are, for sentences. */
  readonly title: string;
  /** A tensor that every such file has; what stands before its name stands before the others', too. */
  readonly landmark: string;
  /**
   * The file's names, or what stands before their `.weight` or `.bias`, to the graph's; `#` is the first number in it, the
   * block's. Absent: the
   * file has the graph's own names.
   */
  readonly names?: Readonly<Record<string, string | Target | readonly Target[]>>;
  /** Of a file with the graph's own names: names that are others all the same, written as in `names`. */
  readonly except?: Readonly<Record<string, string | Target | readonly Target[]>>;
  /** Names of tensors that no answer here depends on, with what they are. */
  readonly leaves?: readonly (readonly [form: RegExp, why: string])[];
}

/** A tensor that is not used, with what it is. */
export interface LeftOut {
  readonly tensor: string;
  readonly why: string;
}

/** In place of a name: that part is zeros. */
export const ZEROS = '';

/** Where a tensor of the graph comes from: names in the file, several for one that is laid together, the first a name. */
export interface Origin {
  readonly from: readonly string[];
  readonly target: Target;
}

export interface NameMap {
  readonly naming: Naming;
  /** The graph's name → where it comes from. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** Names of the file that the naming knows nothing of. */
  readonly strangers: readonly string[];
  /** Names that it knows as needless. */
  readonly left: readonly LeftOut[];
}

/**
 * Finds the naming of a file by its landmark, and maps all of its names.
 * @returns undefined where no landmark is in it
 */
export function mapNames(names: readonly string[], namings: readonly Naming[]): NameMap | undefined {
  for (const naming of namings) {
    const prefix = prefixBefore(names, naming.landmark);
    if (prefix !== undefined) return mapped(names, prefix, naming);
  }
  return undefined;
}

function mapped(names: readonly string[], prefix: string, naming: Naming): NameMap {
  const origins = new Map<string, Origin>();
  const strangers: string[] = [];
  const left: LeftOut[] = [];
  const apart = new Map<string, { parts: string[]; target: Target }>();
  const masks = new Map<string, string>();
  for (const name of names) {
    const plain = withoutParents(name, prefix);
    const needless = naming.leaves?.find(([form]) => form.test(plain));
    if (needless) {
      left.push({ tensor: name, why: needless[1] });
      continue;
    }
    const targets = targetsOf(plain, naming);
    if (targets.length === 0) strangers.push(name);
    for (const target of targets) {
      if (target.masks) masks.set(target.to, name);
      else if (origins.has(target.to)) strangers.push(name);
      else if (target.part === undefined) origins.set(target.to, { from: [name], target });
      else {
        const found = apart.get(target.to) ?? { parts: [], target };
        found.parts[target.part[0]] = name;
        apart.set(target.to, found);
      }
    }
  }
  /** Whether a tensor of which parts may be zeros has that part in any block. */
  const has = (i: number) =>
    [...apart.values()].some(({ parts, target }) => target.zeros && parts[i] !== undefined);
  for (const [to, { parts, target }] of apart) {
    const all = target.part?.[1] ?? parts.length;
    const from = Array.from(
      { length: all },
      (_, i) => parts[i] ?? (target.zeros && !has(i) ? ZEROS : undefined),
    );
    const whole = from.filter((part) => part !== undefined);
    if (whole.length === all && parts[0] !== undefined) origins.set(to, { from: whole, target });
    else strangers.push(...parts.filter((part) => part !== undefined));
  }
  for (const [to, name] of masks) {
    const origin = origins.get(to);
    if (origin?.from.length !== 1 || isLaid(origin.target)) strangers.push(name);
    else origins.set(to, { from: [...origin.from, name], target: { ...origin.target, masks: true } });
  }
  return { naming, origins, strangers, left };
}

const isLaid = ({ part, rows, axes }: Target): boolean => Boolean(part ?? rows ?? axes);

/** A name without the prefix, or without as much of its parents as it has: `module.vit.` and `module.classifier.weight`. */
function withoutParents(name: string, prefix: string): string {
  for (let parent = prefix; parent !== ''; parent = parent.replace(/[^./]*[./]$/, '')) {
    if (name.startsWith(parent)) return name.slice(parent.length);
  }
  return name;
}

/** The number of a block: `layer.3.`, `encoderblock_3/`. */
const BLOCK = /(?<=[._])\d+(?=[./])/;

function targetsOf(name: string, { names, except = {} }: Naming): readonly Target[] {
  const known = names ?? except;
  const index = BLOCK.exec(name)?.[0] ?? '#';
  // A name in full counts before one whose number stands for any.
  const spelt = [name, name.replace(BLOCK, '#')].flatMap((text) => {
    const [, stem = '', ending = ''] = /^(.*?)(\.weight|\.bias)?$/.exec(text) ?? [];
    return [[text, ''] as const, [stem, ending] as const];
  });
  const [key, suffix] = spelt.find(([text]) => Object.hasOwn(known, text)) ?? ['', ''];
  const found = known[key];
  if (found === undefined) return names ? [] : [{ to: name }];
  const targets = typeof found === 'string' ? [{ to: found }] : 'to' in found ? [found] : found;
  return targets.map((target) => ({ ...target, to: (target.to + suffix).replace('#', index) }));
}

/** The shape of a tensor once it is bound; undefined where there is none of that name. */
export function shapeUnder(source: WeightSource, map: NameMap, name: string): readonly number[] | undefined {
  const origin = map.origins.get(name);
  const stored = origin && source.get(origin.from[0]!)?.shape;
  return stored && shapeAs(stored, origin.target);
}

/** A file's tensors under the graph's names, as far as shapes go: nothing is joined, and no bytes are to be read of it. */
export function namedShapesOf(source: WeightSource, map: NameMap): WeightSource {
  return {
    ...fileOf(source),
    get(name) {
      const entry = source.get(map.origins.get(name)?.from[0] ?? '');
      const shape = shapeUnder(source, map, name);
      return entry && shape && { ...entry, shape };
    },
    names: () => [...map.origins.keys()],
    buffers: source.buffers,
  };
}

/** The sizes a tensor of the file has under the graph's name. */
export function shapeAs(stored: readonly number[], target: Target): readonly number[] {
  const { part, rows, rank = 0, trailing = 0 } = target;
  const shape = [...laid(stored, target), ...new Array<number>(trailing).fill(1)];
  const [first = 1, ...rest] = shape;
  if (part) return [part[1] * first, ...rest];
  if (rows) return [((rows[1] - rows[0]) * first) / 3, ...rest];
  return [...new Array<number>(Math.max(0, rank - shape.length)).fill(1), ...shape];
}

/** Sizes with the axes in their order, two of them as one. */
export function laid(stored: readonly number[], { axes, merge }: Target): readonly number[] {
  const shape = axes ? axes.map((axis) => stored[axis] ?? 1) : stored;
  if (merge === undefined) return shape;
  return [...shape.slice(0, merge), (shape[merge] ?? 1) * (shape[merge + 1] ?? 1), ...shape.slice(merge + 2)];
}
