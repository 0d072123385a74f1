/**
 * What page and sandbox say to each other. Nothing but data passes: no function, no element, no reference. What comes
 * out of the sandbox may be anything, since a cell's code shares its realm; `readMessage` takes only what has this form.
 */

/** A tensor on its way; the values are copied or handed over, never shared. */
export interface SentTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dims: readonly string[];
  readonly values: Float32Array;
}
/** RGBA pixels, row by row. */
export interface SentPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Plain data: what JSON can hold. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** A structure as it is shown; lists are cut at their length, circles are said. */
export type Tree =
  | { readonly is: 'text' | 'number' | 'word' | 'function' | 'error'; readonly text: string }
  | { readonly is: 'circle' }
  | {
      readonly is: 'list' | 'record';
      /** `Array`, `Map`, `Float32Array`, the class's name. */
      readonly of: string;
      /** How many entries it has, of which some may be left out. */
      readonly length: number;
      readonly entries: readonly (readonly [key: string, value: Tree])[];
    };

export interface InputSpec {
  readonly control: string;
  readonly args: readonly Plain[];
}

/** One thing that a cell shows. */
export type Result =
  | { readonly is: 'value'; readonly tree: Tree }
  | { readonly is: 'tensor'; readonly tensor: SentTensor }
  | { readonly is: 'markup'; readonly kind: 'html' | 'svg'; readonly text: string }
  | { readonly is: 'picture'; readonly picture: SentPicture }
  | {
      readonly is: 'table';
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
      readonly length: number;
    }
  | { readonly is: 'input'; readonly key: string; readonly input: InputSpec }
  /** Too large to be shown. */
  | {
      readonly is: 'refused';
      readonly size: number;
      readonly most: number;
      readonly unit: 'values' | 'bytes';
    };
export interface Shown {
  /** The name that the cell gives it; none for an expression. */
  readonly name?: string | undefined;
  readonly result: Result;
}

/** What a cell asks of the page. */
export type Asked = 'tensor' | 'describe' | 'run' | 'sample' | 'program' | 'picture' | 'set';

export type ToSandbox =
  /** Several at once: cells that need each other are defined together. */
  | { readonly say: 'batch'; readonly messages: readonly ToSandbox[] }
  | {
      readonly say: 'cell';
      readonly id: string;
      readonly version: number;
      readonly body: string;
      readonly offset: number;
      readonly inputs: readonly string[];
      readonly outputs: readonly string[];
      readonly tensors: readonly string[];
      readonly fields: readonly string[] | undefined;
      readonly shows: boolean;
    }
  | { readonly say: 'forget'; readonly id: string }
  | { readonly say: 'state'; readonly state: Readonly<Record<string, Plain>> }
  | { readonly say: 'tensor'; readonly name: string; readonly tensor: SentTensor }
  | { readonly say: 'generation' }
  | { readonly say: 'picture'; readonly picture: SentPicture }
  | { readonly say: 'library'; readonly code: string }
  | { readonly say: 'entered'; readonly key: string; readonly value: Plain }
  /** Something on the way to an answer. */
  | { readonly say: 'step'; readonly call: number; readonly value: unknown }
  | { readonly say: 'answer'; readonly call: number; readonly value: unknown }
  | {
      readonly say: 'refuse';
      readonly call: number;
      readonly message: string;
      /** The same in Chinese. */
      readonly zh: string;
      readonly nearest?: readonly string[];
    }
  | { readonly say: 'width'; readonly width: number }
  | { readonly say: 'ping'; readonly n: number };

export type FromSandbox =
  | { readonly say: 'ready' }
  | { readonly say: 'pong'; readonly n: number }
  | { readonly say: 'begins'; readonly id: string; readonly version: number }
  | {
      readonly say: 'shows';
      readonly id: string;
      readonly version: number;
      readonly shown: readonly Shown[];
      readonly ms: number;
    }
  | {
      readonly say: 'fails';
      readonly id: string;
      readonly version: number;
      readonly message: string;
      /** The same in Chinese, of what is ours to say. */
      readonly zh?: string | undefined;
      readonly line?: number | undefined;
      readonly column?: number | undefined;
      readonly nearest?: readonly string[] | undefined;
    }
  /** `cell`: whose progress it is, of what takes long. */
  | {
      readonly say: 'asks';
      readonly call: number;
      readonly what: Asked;
      readonly of: unknown;
      readonly cell?: string | undefined;
    }
  /** Nobody waits for that answer any more. */
  | { readonly say: 'drops'; readonly call: number };

/** Most values of a tensor that goes in or out, and most bytes of a text that comes out. */
export const MOST_VALUES = 16e6;
export const MOST_BYTES = 4e6;
/** Most things that one run of a cell shows. */
export const MOST_SHOWN = 100;
