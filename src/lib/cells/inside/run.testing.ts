import { readBook } from '../language/book.ts';
import type { ToSandbox } from '../messages.ts';
import { Line } from './line.ts';
import { html, svg } from './markup.ts';
import { noise } from './noise.ts';
import { inputsOf, reachOf } from './reach.ts';
import { TensorValue } from './tensor-value.ts';
import { InputRequest, PictureValue } from './values.ts';

/** What the cells of a test can reach of a page. */
export interface TestPage {
  /** Tensors by name, as the page has them. */
  readonly tensors: ReadonlyMap<string, TensorValue>;
  readonly picture?: PictureValue;
  readonly state?: Readonly<Record<string, unknown>>;
  /** Answers what cells ask: the page's own `answerer`. */
  readonly answer: (asked: {
    readonly say: 'asks';
    readonly call: number;
    readonly what: 'tensor' | 'describe' | 'run' | 'picture' | 'set';
    readonly of: unknown;
  }) => Promise<{ readonly reply: ToSandbox }>;
  readonly libraries?: Readonly<Record<string, unknown>>;
}

/** What cells gave: everything that they named, and what they displayed or were, in order. */
export interface Ran {
  readonly names: Readonly<Record<string, unknown>>;
  readonly shown: readonly unknown[];
}

/** A port to the page's side, in this process. */
function portTo(page: TestPage): MessagePort {
  const port = {
    onmessage: null as ((event: { data: ToSandbox }) => void) | null,
    postMessage: (message: Parameters<TestPage['answer']>[0]) =>
      void page
        .answer(structuredClone(message))
        .then(({ reply }) => port.onmessage?.({ data: structuredClone(reply) })),
  };
  return port as unknown as MessagePort;
}

/** The value that a control has before a reader has touched it. */
function firstValue({ input }: InputRequest): unknown {
  const [first, options] = input.args as readonly [unknown, Record<string, unknown> | undefined];
  if (options && 'value' in options) return options.value;
  if (input.control === 'range' && Array.isArray(first)) return (Number(first[0]) + Number(first[1])) / 2;
  return Array.isArray(first) ? first[0] : (first as { value?: unknown } | undefined)?.value;
}

/**
 * Runs the cells of a notebook once, in the order they need each other, each as the sandbox runs it: read, compiled and
 * evaluated by the same code, with the sandbox's own tensors, models and templates.
 * @throws Error that says which cell has a fault, or what a cell threw
 */
export async function runCells(codes: readonly string[], page: TestPage): Promise<Ran> {
  const line = new Line(portTo(page));
  line.listen((message) => {
    if (message.say === 'answer' || message.say === 'refuse') line.answered(message);
  });
  const reach = reachOf(line);
  const known = [...page.tensors].map(([name, { shape }]) => ({ name, shape }));
  const read = readBook(
    codes.map((code, i) => ({ id: String(i), code })),
    known,
  );
  const names: Record<string, unknown> = {};
  const shown: unknown[] = [];
  const done = new Set<string>();
  let controls = 0;
  const run = async (id: string): Promise<void> => {
    if (done.has(id)) return;
    done.add(id);
    const cell = read.find((one) => one.id === id);
    if (!cell?.compiled || cell.fault)
      throw new Error(
        `cell ${id}: ${cell?.fault?.text.en ?? 'it cannot be read'}\n${codes[Number(id)] ?? ''}`,
      );
    for (const other of cell.needs) await run(other);
    const around: Record<string, unknown> = {
      ...page.libraries,
      ...reach,
      html,
      svg,
      Tensor: TensorValue,
      Picture: PictureValue,
      noise,
      picture: (id?: string) => (id === undefined ? page.picture : reach.pictureOf(id)),
      state: { ...page.state, set: reach.set },
      width: 640,
      invalidation: new Promise(() => {}),
      tensor: (name: string) => page.tensors.get(name) ?? reach.tensor(name),
      Inputs: inputsOf(() => `test:${controls++}`),
      display: (value: unknown) => (shown.push(value), value),
      view: (value: InputRequest) => (shown.push(value), firstValue(value)),
    };
    const code = (0, eval)(cell.compiled.body) as (...args: unknown[]) => unknown;
    const value = await code(
      ...cell.compiled.inputs.map((name) => (name in names ? names[name] : around[name])),
    );
    if (cell.compiled.shows) shown.push(value);
    for (const name of cell.compiled.outputs) names[name] = await (value as Record<string, unknown>)[name];
  };
  for (const { id } of read) await run(id);
  return { names, shown };
}
