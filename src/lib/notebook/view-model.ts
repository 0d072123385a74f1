import { getContext, setContext } from 'svelte';
import type { Text } from '#lib/base/lang.ts';
import type { Tensor } from '#lib/base/tensor.ts';

/** A tensor on the shape strip. */
export interface StripItem {
  readonly name: string;
  readonly title: Text;
  readonly shape: readonly number[];
  readonly dims: readonly string[];
}

/** What the reader is told about a tensor beside its values. */
export interface TensorDoc {
  readonly title: Text;
  readonly formula?: string;
  readonly torch?: string;
  /** Where the numbers come from when it is not the running model: “computed from the picture on this page”. */
  readonly note?: Text;
}

/** What the inspector is asked to open a tensor of: a folder under `models/`, and how the model was run. */
export interface Inspected {
  readonly model: string;
  readonly patch?: number;
  /** Id of a picture of the gallery, or `own`. */
  readonly picture?: string;
  /** A denoiser's time in [0, 1], its class (−1: none) and the seed of the noise added to the picture. */
  readonly time?: number;
  readonly class?: number;
  readonly seed?: number;
  /** A state of a sampling run that begins with the seed's noise, in place of a picture with noise. */
  readonly run?: InspectedRun;
  /** What is opened instead, where a link cannot say what is on show. */
  readonly instead?: Text;
}

/** A state of a sampling run. */
export interface InspectedRun {
  readonly sampler: string;
  readonly steps: number;
  /** Steps made. */
  readonly step: number;
  /** Guidance weight w; 1 by default. */
  readonly guidance?: number | undefined;
  readonly eta?: number | undefined;
  readonly clip?: boolean | undefined;
  /** Time at which it sets out from the picture; without it, from noise alone. */
  readonly start?: number | undefined;
}

/**
 * What a lesson's page shares: what stage, prose, strip and drawer all read. Each lesson makes its own (with
 * more in it); these are the parts the page itself needs. All getters are reactive.
 */
export interface ViewModel {
  readonly strip: readonly StripItem[];
  /** A shape that the prose names and the strip does not show. */
  shape?(name: string): StripItem | undefined;
  /** Where a lesson runs several networks: the one whose tensors strip and drawer show, and the way to another. */
  readonly nets?: {
    readonly options: readonly { readonly value: string; readonly label: string }[];
    choose(value: string): void;
    /** The chosen one; the one that a tensor is shown of. */
    of(tensor?: string): string;
  };
  /** The tensor in question, where the step names none. */
  readonly lit?: string | undefined;
  /** Newer values are on their way; what is shown is the last answer. */
  readonly pending?: boolean;
  /** Asks for a tensor's values until the returned function is called. */
  want(name: string): () => void;
  tensor(name: string): Tensor | undefined;
  doc(name: string): TensorDoc | undefined;
  /** A sentence shown in the drawer instead of values: why there are none. */
  absence?(name: string): Text | undefined;
  /** Where the inspector finds a tensor; without it the lesson's first model and its state's `p` and `pic` are meant. */
  inspected?(name: string): Inspected | undefined;
}

const KEY = Symbol('view-model');

export function provideViewModel(vm: ViewModel): void {
  setContext(KEY, vm);
}

/** The view model of the lesson this component stands in. Throws outside a lesson page. */
export function useViewModel<V extends ViewModel = ViewModel>(): V {
  const vm = getContext<V | undefined>(KEY);
  if (!vm) throw new Error('this component belongs into a lesson page');
  return vm;
}
