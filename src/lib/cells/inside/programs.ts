import type { SentTensor } from '../messages.ts';
import type { Line } from './line.ts';
import { plainOf } from './results.ts';
import { TensorError, TensorValue } from './tensor-value.ts';
import { PictureValue } from './values.ts';

/** A tensor that came as a message. */
export const tensorFrom = ({ shape, values, dims, name }: SentTensor) =>
  new TensorValue(shape, values, dims, name);

/** One step of a sampling run, as a cell has it. Pictures are `[C, H, W]`, or `[n, C, H, W]` of several. */
export interface SampledStep {
  /** 1 … total. */
  readonly step: number;
  readonly total: number;
  /** The times it went from and to, 1 (noise) … 0 (picture). */
  readonly from: number;
  readonly t: number;
  /** The state at which it arrived, that of `t`. */
  readonly x: TensorValue;
  /** The network's two guesses at `from`, guided, the picture kept within −1 … 1. */
  readonly x0: TensorValue;
  readonly epsilon: TensorValue;
  /** Tensors of the network that were asked for, by name; of a guided run the half with the class comes first. */
  readonly tensors: Readonly<Record<string, TensorValue>>;
}

type Options = Readonly<Record<string, unknown>>;

/** What `sample` and `program` are to one run of a cell: `over` is the end of it. */
export function programsOf(line: Line, cell: string, over: Promise<void> | undefined) {
  const beside = (onStep: (value: unknown) => void) => ({ cell, onStep, ...(over && { over }) });
  return {
    /** Makes pictures from noise with the site's own sampling loop. */
    sample: async (options: Options = {}) => {
      const { onStep, ...given } = Object(options) as Options;
      const steps: SampledStep[] = [];
      const came = (value: unknown) => {
        const step = stepOf(value as RawStep);
        steps.push(step);
        if (typeof onStep === 'function') (onStep as (step: SampledStep) => unknown)(step);
      };
      const told = (await line.ask('sample', sent(given), beside(came))) as { readonly model: string };
      const last = steps.at(-1);
      if (!last) throw new TensorError('The run made no step.', '这次运行一步也没有走。');
      const pictures = last.x.shape.length > 3 ? [...last.x].map(painted) : [painted(last.x)];
      return { model: told.model, picture: pictures[0], pictures, x: last.x, steps };
    },
    /** Runs one of the site's programs: a model for each part, and what it is given. */
    program: async (id: unknown, options: Options = {}) => {
      const { parts, onStep, ...spec } = Object(options) as Options;
      const steps: Readonly<Record<string, unknown>>[] = [];
      const came = (value: unknown) => {
        const step = wrapped(value) as Readonly<Record<string, unknown>>;
        steps.push(step);
        if (typeof onStep === 'function') (onStep as (step: unknown) => unknown)(step);
      };
      const of = { program: String(id), parts: plainOf(parts), spec: sent(spec) };
      await line.ask('program', of, beside(came));
      return { steps, values: steps.at(-1)?.values ?? {} };
    },
  };
}

/** Both guesses of a denoiser at a state and a time: the first half of a step, without the step. */
export async function denoised(line: Line, model: string, x: TensorValue, t: number, options: Options) {
  let guesses: SampledStep | undefined;
  const given = { ...options, model, x, start: t, end: 0, steps: 1, sampler: 'ddim', seed: 0 };
  await line.ask('sample', sent(given), { onStep: (value) => (guesses = stepOf(value as RawStep)) });
  if (!guesses) throw new TensorError('The network gave no answer.', '网络没有给出结果。');
  return { x0: guesses.x0, epsilon: guesses.epsilon, tensors: guesses.tensors };
}

interface RawStep {
  readonly step: number;
  readonly total: number;
  readonly from: number;
  readonly t: number;
  readonly x: Float32Array;
  readonly eps: Float32Array;
  readonly x0: Float32Array;
  readonly shape: readonly number[];
  readonly tensors: readonly SentTensor[];
}

function stepOf({ step, total, from, t, x, eps, x0, shape, tensors }: RawStep): SampledStep {
  const dims = ['n', 'C', 'H', 'W'].slice(4 - shape.length);
  const picture = (values: Float32Array, name: string) => new TensorValue(shape, values, dims, name);
  return {
    ...{ step, total, from, t },
    ...{ x: picture(x, 'x'), x0: picture(x0, 'x0'), epsilon: picture(eps, 'epsilon') },
    tensors: Object.fromEntries(tensors.map((tensor) => [tensor.name, tensorFrom(tensor)])),
  };
}

/** A picture `[C, H, W]` of −1 … 1, one channel or three, in pixels. */
function painted(x: TensorValue | number): PictureValue {
  if (typeof x === 'number') throw new TensorError('One number is no picture.', '一个数不是图片。');
  const [channels = 3, height = 1, width = 1] = x.shape;
  const size = height * width;
  const data = new Uint8ClampedArray(4 * size).fill(255);
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < size; i++) data[4 * i + c] = 127.5 * ((x.values[(c % channels) * size + i] ?? 0) + 1);
  return new PictureValue(width, height, data);
}

/** What a cell gives, as data that can be sent: tensors by their values alone. */
function sent(of: unknown, above: readonly unknown[] = []): unknown {
  if (of instanceof TensorValue) return of.values;
  if (of instanceof PictureValue) return { width: of.width, height: of.height, data: of.data };
  if (ArrayBuffer.isView(of)) return Float32Array.from(of as Float32Array);
  if (typeof of !== 'object' || of === null || Array.isArray(of)) return plainOf(of, above);
  if (above.includes(of)) throw new TypeError('Only plain data can be handed over, and no circle.');
  return Object.fromEntries(Object.entries(of).map(([name, part]) => [name, sent(part, [...above, of])]));
}

/** A step of a program with its lists of numbers as tensors: those of the networks in their shapes, the others flat. */
function wrapped(of: unknown): unknown {
  if (of instanceof Float32Array) return new TensorValue([of.length], of);
  if (Array.isArray(of)) return of.map(wrapped);
  if (typeof of !== 'object' || of === null) return of;
  const { tensors, ...rest } = of as { readonly tensors?: readonly SentTensor[] };
  const parts = Object.entries(rest).map(([name, part]) => [name, wrapped(part)] as const);
  return {
    ...Object.fromEntries(parts),
    ...(tensors && { tensors: Object.fromEntries(tensors.map((one) => [one.name, tensorFrom(one)])) }),
  };
}
