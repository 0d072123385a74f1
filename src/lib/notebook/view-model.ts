import { getContext, setContext } from 'svelte';
import type { Text } from '#lib/base/lang.ts';
import type { Rgba } from '#lib/images/rgba.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import type { Fields, StateOf } from '#lib/state/schema.ts';

/** A tensor on the shape strip. */
export interface StripItem {
  readonly name: string;
  readonly title: Text;
  readonly shape: readonly number[];
  readonly dims: readonly string[];
}

/** A tensor of the strip: its name, and what it is called there. */
export type StripName = readonly [name: string, title: Text];

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
  /** Of a network that is shown some patches alone: their numbers, in the order it is given them. */
  readonly visible?: readonly number[] | undefined;
  /** The texts that a network of words and pictures is fed; its own example where none is said. */
  readonly texts?: readonly string[] | undefined;
  /** Fields of the configuration that are not as stored, where the weights fit all the same. */
  readonly config?: Readonly<Record<string, number>> | undefined;
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
  /** Where a lesson runs several networks: the one whose tensors strip and drawer show, and the way to another. */
  readonly nets?: {
    readonly options: readonly { readonly value: string; readonly label: string }[];
    /** The field of the state that says which one. */
    readonly field?: string;
    choose(value: string): void;
    /** The chosen one; the one that a tensor is shown of. */
    of(tensor?: string): string;
  };
  /** What is asked for now, in words, as “sunflower, 8 px”: said while it is being computed. */
  readonly asking?: Text | undefined;
  /** The tensor in question at a state of the lesson, where the step names none. */
  lit?(state: StateOf<Fields>): string | undefined;
  /** A tensor that strip, drawer or prose name. The same name is the same object, as long as it is the same tensor. */
  named(name: string): NamedTensor | undefined;
  /** The picture as the model sees it, for those who compute with its pixels. */
  readonly seenPixels?: Rgba | undefined;
  /** What the drawer says of a tensor that neither a network nor a program had a part in. */
  readonly ofInput?: Text;
  /** Where the inspector finds a tensor; without it the lesson's first model and its state's `p` and `pic` are meant. */
  inspected?(name: string): Inspected | undefined;
}

/** What the strip shows, in order. What has no known shape is left out. */
export function stripOf(vm: Pick<ViewModel, 'named'>, way: readonly StripName[]): readonly StripItem[] {
  return way.flatMap(([name, title]) => {
    const { shape, dims } = vm.named(name) ?? {};
    return shape && dims ? [{ name, title, shape, dims }] : [];
  });
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
