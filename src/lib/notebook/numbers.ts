import { getContext, setContext } from 'svelte';

/** A number of the prose that depends on the state. `dim` colours it like its dimension. */
export interface ProseNumber {
  readonly value: number | string;
  readonly dim?: string;
  /** Where it comes from, as tests/e2e/numerals.ts knows it: `graph`, `input`, `config`, `tensor:…`. */
  readonly from: string;
}

/**
 * The numbers a lesson's prose may name, by name. Each is read from the lesson's view model; `at` is what the prose
 * writes after an `@` (`<Num of="N@8" />`), empty where it writes none. Undefined until it is known.
 */
export type Numbers<V> = Readonly<Record<string, (vm: V, at: string) => ProseNumber | undefined>>;

/** Reads a number by the name that the prose gives it, with what follows an `@`. */
export function readNumber<V>(numbers: Numbers<V>, vm: V, name: string): ProseNumber | undefined {
  const [key = '', at = ''] = name.split('@');
  return numbers[key]?.(vm, at);
}

type Made = (value: number | string | undefined, dim?: string) => ProseNumber | undefined;

function originOf(from: string): Made {
  return (value, dim) => (value === undefined ? undefined : { value, from, ...(dim && { dim }) });
}

/** Numbers by where they come from; undefined where there is no value yet. */
export const fromGraph = originOf('graph');
export const fromInput = originOf('input');
export const fromConfig = originOf('config');
/** A number made of the values of a tensor, named as in the graph. */
export const fromTensor = (name: string) => originOf(`tensor:${name}`);

type Read = (name: string) => ProseNumber | undefined;
const KEY = Symbol('numbers');

export function provideNumbers(read: Read): void {
  setContext(KEY, read);
}

/** Reads numbers of the lesson this component stands in. Throws outside a lesson page. */
export function useNumbers(): Read {
  const read = getContext<Read | undefined>(KEY);
  if (!read) throw new Error('this component belongs into a lesson page');
  return read;
}
