import { CONTROLS } from '../controls.ts';
import type { SentPicture, SentTensor } from '../messages.ts';
import { process, type Process } from '#lib/diffusion/math/process.ts';
import type { Line } from './line.ts';
import { denoised, tensorFrom } from './programs.ts';
import { plainOf } from './results.ts';
import { SaidError } from './said-error.ts';
import { TensorError, TensorValue } from './tensor-value.ts';
import { InputRequest, PictureValue } from './values.ts';

/** What the page says of a model. */
interface Described {
  readonly id: string;
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly tensors: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly dims: readonly string[];
  }[];
  readonly labels: readonly string[];
  readonly patchSizes: readonly number[];
  /** Of a denoiser: the noising process it was trained with. */
  readonly process?: { readonly name: string; readonly steps?: number };
}

/** A model of the site, as a cell has it. */
class Model {
  readonly id: string;
  readonly inputs: Described['inputs'];
  /** Every tensor it can be asked for. */
  readonly tensors: Described['tensors'];
  readonly labels: readonly string[];
  readonly patchSizes: readonly number[];
  readonly #line: Line;
  readonly #process: Process | undefined;
  get [Symbol.toStringTag](): string {
    return 'Model';
  }
  constructor(line: Line, of: Described) {
    this.#line = line;
    this.id = of.id;
    this.inputs = of.inputs;
    this.tensors = of.tensors;
    this.labels = of.labels;
    this.patchSizes = of.patchSizes;
    this.#process = of.process && process(of.process.name, of.process.steps);
  }
  /**
   * One pass. `picture`: the page's by default; `texts`: a text or several, of a model that reads them; `tensors`: names of those that are wanted, the answer by default; sizes
   * that the model can change (`patch`); inputs and interventions by name, as tensors, lists or numbers.
   */
  async run(options: Readonly<Record<string, unknown>> = {}): Promise<Readonly<Record<string, TensorValue>>> {
    const { picture, tensors, texts, ...rest } = options;
    const given = Object.entries(rest).map(([name, value]) => [name, givenOf(value)] as const);
    const answer = (await this.#line.ask('run', {
      model: this.id,
      ...(picture instanceof PictureValue && {
        picture: { width: picture.width, height: picture.height, data: picture.data },
      }),
      ...(tensors !== undefined && { tensors: typeof tensors === 'string' ? [tensors] : tensors }),
      ...(texts !== undefined && { texts: plainOf(texts) }),
      given: Object.fromEntries(given),
    })) as { readonly tensors: readonly SentTensor[] };
    return Object.fromEntries(answer.tensors.map((tensor) => [tensor.name, tensorFrom(tensor)]));
  }
  /**
   * Of a denoiser: its two guesses `x0` and `epsilon` at a state and a time in 0 … 1, as the site's samplers make them.
   * `options`: `class` (an index, a name, null for none), `guidance`, `clip` (keep x0 within −1 … 1), `tensors`.
   */
  denoise(x: TensorValue, t: number, options: Readonly<Record<string, unknown>> = {}) {
    this.#noising();
    return denoised(this.#line, this.id, x, t, options);
  }
  /** Of a denoiser: the factor of the picture in the state at a time in 0 … 1, and that of the noise. */
  signal(t: number): number {
    return this.#noising().signalRate(t);
  }
  noise(t: number): number {
    return this.#noising().noiseRate(t);
  }
  #noising(): Process {
    if (this.#process) return this.#process;
    throw new TensorError(
      `${this.id} removes no noise. The models of lessons 7 to 9 do.`,
      `${this.id} 不是去噪模型。第 7 到 9 课的模型才是。`,
    );
  }
}

/** Numbers stay numbers; tensors and nested lists become flat arrays. */
function givenOf(value: unknown): number | string | Float32Array {
  if (typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof TensorValue) return value.values;
  if (ArrayBuffer.isView(value)) return Float32Array.from(value as Float32Array);
  if (Array.isArray(value)) return Float32Array.from(value.flat(Infinity), Number);
  throw new TensorError(
    'An input of a model is a tensor, a list of numbers or a number.',
    '模型的输入是张量、一列数或一个数。',
  );
}

/** A name that a cell gives. @throws SaidError where it gives none */
function nameOf(given: unknown, call: string, en: string, zh: string): string {
  if (typeof given === 'string' && given !== '') return given;
  throw new SaidError(
    `${call}() takes the name of ${en} in quotes. What a cell can reach is offered as you type.`,
    `${call}() 的括号里要写${zh}的名字，加上引号。输入时会列出可用的名字。`,
  );
}

/** What asks the page something and waits. */
export function reachOf(line: Line) {
  return {
    model: async (id: unknown): Promise<Model> =>
      new Model(line, (await line.ask('describe', nameOf(id, 'model', 'a model', '模型'))) as Described),
    tensor: async (name: unknown): Promise<TensorValue> =>
      tensorFrom((await line.ask('tensor', nameOf(name, 'tensor', 'a tensor', '张量'))) as SentTensor),
    /** A picture of the gallery, by its id. */
    pictureOf: async (id: unknown): Promise<PictureValue> => {
      const { width, height, data } = (await line.ask(
        'picture',
        nameOf(id, 'picture', 'a picture', '图片'),
      )) as SentPicture;
      return new PictureValue(width, height, data);
    },
    set: (changes: unknown): void =>
      void line.ask('set', plainOf(changes)).catch((error: unknown) => console.warn(error)),
  };
}

/** `Inputs` of @observablehq/inputs: the control is made and shown by the page, of the same arguments, as data. */
export function inputsOf(next: () => string): Readonly<Record<string, (...args: unknown[]) => InputRequest>> {
  const make =
    (control: string) =>
    (...args: unknown[]) => {
      try {
        return new InputRequest(next(), { control, args: args.map((arg) => plainOf(arg)) });
      } catch (error) {
        throw new TypeError(
          `Inputs.${control} is shown by the page, so its arguments are data: ${String(error)}`,
          { cause: error },
        );
      }
    };
  return Object.freeze(Object.fromEntries(CONTROLS.map((control) => [control, make(control)])));
}
