import type { FaultRecord } from '#lib/base/errors.ts';
import type { Text } from '#lib/base/lang.ts';
import type { DiffusionSpec } from '#lib/diffusion/math/spec.ts';
import type { PreprocessSpec } from '#lib/images/preprocess.ts';
import type { Assumption, Blueprint } from '#lib/models/registry.ts';
import type { ModelLabel } from '#lib/models/model-config.ts';
import type { Differences } from '#lib/models/shared/bind.ts';
import type { FileKind } from '#lib/weights/file-kind.ts';
import type { NotFinite } from '#lib/weights/finite.ts';

/** The reader's word over what a file of weights is taken for. */
export interface Choices {
  /** Fields of the configuration, by name. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Of several networks in a file, the one whose names begin so. */
  readonly prefix?: string | undefined;
}

/** One tensor of a file, under the file's own name. */
export interface TensorFact {
  readonly name: string;
  /** As the file has it; empty for an element type that cannot be read. */
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** What a network in a file was recognised as. */
export interface Recognised {
  readonly of: Blueprint;
  /** Everything that was neither read nor told nor set: what a reader may correct. */
  readonly assumed: readonly Assumption[];
  /** Fields that a description beside the file told. */
  readonly told: readonly string[];
  /** What follows from whose names it has, and no field sets (`conventionsOf`). */
  readonly taken: readonly Text[];
  readonly preprocessing: PreprocessSpec;
  /** Whether the preparation of pictures was read; else whose habit it is. */
  readonly prepared: boolean;
  readonly habit: string;
  readonly labels: readonly ModelLabel[];
  /** Patch sizes and sides it was trained for, where a description of ours says them. */
  readonly patchSizes: readonly number[];
  readonly imageSizes: readonly number[];
  readonly diffusion?: DiffusionSpec;
}

/** What files of a reader's are: all that a page says of them before it runs them. */
export interface Examined {
  /** The file's name, of several the index'. */
  readonly file: string;
  readonly kind: FileKind;
  readonly sha256: string;
  readonly bytes: number;
  /** Every tensor of the network that was taken. */
  readonly tensors: readonly TensorFact[];
  /** What stands before the names of the network that was taken, and of those that were left out. */
  readonly prefix: string;
  readonly others: readonly string[];
  /** Undefined where no family knows its names, and where fields must be set first. */
  readonly recognised?: Recognised;
  /** The family, where it is known though the configuration is not. */
  readonly family?: string;
  /** Fields that neither the weights tell nor anybody has set. */
  readonly unread: readonly string[];
  /** Why it cannot be run as it is; undefined: it can. */
  readonly fault?: FaultRecord;
  /** Everything in which its tensors differ from the network's. */
  readonly differences?: Differences;
  /** Tensors that no answer depends on, with what they are. */
  readonly leftOut: readonly { readonly tensor: string; readonly why: string }[];
  readonly notFinite: readonly NotFinite[];
}
