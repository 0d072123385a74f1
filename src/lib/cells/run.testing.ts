import { readBook } from './language/book.ts';
import { TensorValue } from './inside/tensor-value.ts';

interface Given {
  readonly tensors: Readonly<Record<string, TensorValue>>;
  readonly state?: Readonly<Record<string, unknown>>;
  /** What stands in for other names of the page. */
  readonly others?: Readonly<Record<string, unknown>>;
}

/**
 * Runs the cells of a notebook once, in the order of their needs, without a sandbox. A control has the value that it is
 * given at first.
 * @returns what each name is; the value of an expression is at `cell 3`
 * @throws Error for a cell with a fault
 */
export async function runCells(codes: readonly string[], given: Given): Promise<Record<string, unknown>> {
  const known = Object.entries(given.tensors).map(([name, { shape }]) => ({ name, shape }));
  const read = readBook(
    codes.map((code, i) => ({ id: String(i + 1), code })),
    known,
  );
  const tensor = (name: string) => {
    const found = given.tensors[name];
    if (!found) throw new Error(`no tensor ${name}`);
    return found;
  };
  const control = (_: unknown, options?: { value?: unknown }) => options?.value;
  const values: Record<string, unknown> = {
    tensor,
    state: given.state ?? {},
    Tensor: TensorValue,
    Inputs: { range: control, select: control },
    view: (value: unknown) => value,
    display: (value: unknown) => value,
    ...given.others,
  };
  const done = new Set<string>();
  while (done.size < read.length) {
    const next = read.find(({ id, needs }) => !done.has(id) && needs.every((need) => done.has(need)));
    if (!next?.compiled || next.fault) throw new Error(next?.fault?.text.en ?? 'no cell can be next');
    const { body, inputs, outputs } = next.compiled;
    const run = (0, eval)(body) as (...args: unknown[]) => unknown;
    const made = await run(...inputs.map((name) => values[name]));
    if (outputs.length > 0) Object.assign(values, made);
    else values[`cell ${next.id}`] = made;
    done.add(next.id);
  }
  return values;
}
