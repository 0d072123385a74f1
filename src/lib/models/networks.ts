import { fileOf, WeightsError, type WeightSource } from '#lib/weights/source.ts';
import { CHECKPOINTS } from './checkpoints.ts';

/** One of the networks in a file: what stands before all of its tensors' names. */
export interface ChosenNetwork {
  /** The file without the tensors of its other networks; names stay as they are. */
  readonly source: WeightSource;
  /** Of the one that was taken; empty where nothing stands before its names. */
  readonly prefix: string;
  /** Of those that were left out. */
  readonly others: readonly string[];
}

/** Prefixes of a copy that is meant to be used in place of the trained weights, the likely first. */
const AVERAGED = [/(^|\.)(model_)?ema/, /_ema\./, /(^|\.)(teacher|target|averaged|shadow)/];

/**
 * What stands before the tensors of each network in a file, in the file's order: `student.backbone.` and
 * `teacher.backbone.` of a training with two of them, `model.` and `ema.` where a moving average is stored beside the
 * weights. A tensor counts that every file of a family has one of.
 */
export function networksIn(names: readonly string[]): string[] {
  const landmarks = [...CHECKPOINTS.values()]
    .flatMap((c) => c.landmarks ?? [])
    .sort((a, b) => b.length - a.length);
  const prefixes = names.flatMap((name) => {
    const landmark = landmarks.find((mark) => name === mark || name.endsWith(`.${mark}`));
    return landmark === undefined ? [] : [name.slice(0, name.length - landmark.length)];
  });
  return [...new Set(prefixes)];
}

/**
 * The network of a file that is meant: by `asked`, what its names begin with; else a moving average or a teacher, which
 * is what is evaluated after such a training; else the first.
 * @throws WeightsError where no network's names begin so, with those there are
 */
export function chooseNetwork(source: WeightSource, asked?: string): ChosenNetwork {
  const names = source.names();
  const prefixes = networksIn(names);
  if (asked !== undefined && !prefixes.some((prefix) => prefix.startsWith(asked))) {
    const known = prefixes.map((prefix) => `"${prefix}"`).join(', ');
    const there = prefixes.length > 0 ? `there are ${known}` : 'there is none known here';
    throw new WeightsError(`no network's names begin with "${asked}"; ${there}`, fileOf(source));
  }
  const averaged = AVERAGED.map((form) => prefixes.find((prefix) => form.test(prefix)));
  const prefix =
    asked === undefined
      ? (averaged.find((found) => found !== undefined) ?? prefixes[0] ?? '')
      : prefixes.includes(asked)
        ? asked
        : prefixes.find((found) => found.startsWith(asked))!;
  const others = prefixes.filter((other) => other !== prefix);
  if (others.length === 0) return { source, prefix, others };
  const kept = names.filter((name) => others.every((other) => !isOf(name, other, prefix)));
  return { source: only(source, kept), prefix, others };
}

/** Whether a tensor belongs to the network behind `other`, and not to the one behind `mine`. */
function isOf(name: string, other: string, mine: string): boolean {
  const [a, b] = [other.split('.'), mine.split('.')];
  let same = 0;
  while (same < a.length - 1 && a[same] === b[same]) same++;
  // Nothing of the other's is left: it stands around mine, whose names all have a part more.
  if (same === a.length - 1) return !name.startsWith(b.slice(0, same + 1).join('.') + '.');
  return name.startsWith(a.slice(0, same + 1).join('.') + '.');
}

/** A source with some of its tensors. */
function only(source: WeightSource, names: readonly string[]): WeightSource {
  const kept = new Set(names);
  return {
    ...fileOf(source),
    get: (name) => (kept.has(name) ? source.get(name) : undefined),
    names: () => [...names],
    buffers: source.buffers,
  };
}
