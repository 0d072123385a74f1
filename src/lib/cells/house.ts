import type { Text } from '#lib/base/lang.ts';
import type { Rgba } from '#lib/images/rgba.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import type { Plain } from './messages.ts';

/** A tensor that cells can be offered, before its values. */
export interface KnownTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dims: readonly string[];
}

/** What the page around cells has for them: a lesson, or the notebook's own page. All getters are reactive. */
export interface House {
  /** Undefined until it is known which there are. */
  readonly tensors: readonly KnownTensor[] | undefined;
  /** The tensor of that name, also a part of one (`blocks.8.attn.probs[2]`). */
  named(name: string): NamedTensor | undefined;
  /** The picture as the model sees it; undefined until it is decoded. */
  readonly picture: Rgba | undefined;
  /** What the reader has set. */
  readonly state: Readonly<Record<string, Plain>>;
  /** Sets some of it. A field that is unknown or a value out of range is refused: the sentence says which. */
  set(changes: Readonly<Record<string, Plain>>): Text | undefined;
}
