import { networkTime, process as processOf } from '#lib/diffusion/math/index.ts';
import { classesOf } from '#lib/models/registry.ts';
import type { Graph } from '#lib/graph/index.ts';
import { sizeOf } from '#lib/base/tensor.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { readBytes } from './files.ts';
import { pictureName } from './inputs.ts';
import { nearest } from '#lib/base/nearest.ts';
import type { Target } from './target.ts';
import type { Texts } from './texts.ts';
import { UsageError } from './usage.ts';

/** One input beside the picture, for one pass. */
export interface Given {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface ConditionOptions {
  readonly input?: string | undefined;
  readonly t?: string | undefined;
  readonly class?: string | undefined;
  /** For a model that reads texts, the same ones for every picture. */
  readonly texts?: Texts | undefined;
}

/**
 * What a model is fed beside the picture: `--t` and `--class`, else the tensors of the input file under the names of the
 * graph's inputs, `[1, …]` or `[n, …]` (one a picture), or in the graph's own shape (one for all).
 * @param inputs names of the graph's inputs that the session takes
 * @returns the inputs of picture `index`
 * @throws UsageError for one that is missing or has another size
 */
export function conditionsOf(
  target: Target,
  graph: Graph,
  inputs: readonly string[],
  options: ConditionOptions,
): (index: number) => Given[] {
  for (const [option, name] of [
    ['t', 't'],
    ['class', 'y'],
  ] as const) {
    const taken = [...graph.values.values()].some((v) => v.kind === 'input' && v.name === name);
    if (options[option] !== undefined && !taken)
      throw new UsageError(`--${option} says nothing to ${target.name}, which has no input ${name}`);
  }
  const file =
    options.input === undefined ? undefined : parseSafetensors(readBytes(options.input), options.input);
  const readers = inputs
    .filter((name) => name !== pictureName(target.of))
    .map((name) => {
      const { shape } = graph.value(name);
      const size = sizeOf(shape);
      const said =
        name === 't' && options.t !== undefined
          ? Float32Array.of(timeOf(target, options.t))
          : name === 'y' && options.class !== undefined
            ? Float32Array.of(classOf(target, options.class))
            : name === options.texts?.name
              ? options.texts.ids
              : file?.get(name) && file.float32(name);
      if (!said) throw new UsageError(missing(name, target));
      if (said.length === 0 || said.length % size !== 0)
        throw new UsageError(`the input ${name} takes ${size} values a picture, not ${said.length}`);
      return (index: number): Given => {
        const at = said.length === size ? 0 : index * size;
        if (at + size > said.length)
          throw new UsageError(`the input ${name} ends before picture ${index + 1}`);
        return { name, shape, data: said.subarray(at, at + size) };
      };
    });
  return (index) => readers.map((read) => read(index));
}

function missing(name: string, { name: model }: Target): string {
  const option = name === 't' ? '--t' : name === 'y' ? '--class' : undefined;
  return `${model} needs the input ${name}: give ${option ? `${option}, or ` : ''}a tensor ${name} in the --input file`;
}

/** `--t` is the time of the process in [0, 1]; the network is fed what the model was trained with. */
function timeOf({ diffusion }: Target, text: string): number {
  const t = Number(text);
  if (text === '' || !(t >= 0 && t <= 1)) throw new UsageError(`--t takes a time from 0 to 1, not "${text}"`);
  if (!diffusion) return t;
  return networkTime(diffusion.time, t, processOf(diffusion.process, diffusion.steps));
}

/** `--class` is a class's id, its index, or `none`. */
function classOf({ labels, of }: Target, text: string): number {
  const { count: classes, none } = classesOf(of);
  if (text === 'none' && none !== undefined) return none;
  const named = labels.indexOf(text);
  if (named >= 0) return named;
  const index = Number(text);
  if (text !== '' && Number.isInteger(index) && index >= 0 && index < classes) return index;
  const similar = nearest(text, labels);
  throw new UsageError(
    `--class takes a class's name, a number from 0 to ${classes - 1}, or none, not "${text}"${similar ? `; did you mean ${similar}` : ''}`,
  );
}
