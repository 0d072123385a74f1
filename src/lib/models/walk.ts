import type { Text } from '#lib/base/lang.ts';

/** One stop of a walk through a whole network. */
export interface Stop {
  /** Stands in links: short, lower case. */
  readonly id: string;
  readonly title: Text;
  /** Two plain sentences. Numbers in them are of the configuration. */
  readonly says: Text;
  /** What it speaks of: names of tensors; `group:blocks.0` a block, `group:stem` and `group:head` what lies before and behind all blocks. Empty: all. */
  readonly shows: readonly string[];
}

/** The step of a lesson that explains a tensor. */
export interface Explained {
  /** A folder under `lessons/`. */
  readonly lesson: string;
  readonly step: string;
}

/**
 * What is said of a model where it is drawn whole. The folder of its family exports it from `<model>.walk.ts` as `WALK`;
 * a model without one is not drawn there. Texts are fetched with that page alone.
 */
export interface Walk<C extends object = object> {
  /** The network at large: what goes in and what comes out. */
  readonly lead: (config: C) => Text;
  readonly stops: (config: C) => readonly Stop[];
  /** Where a tensor or a weight is explained; undefined for one that no lesson speaks of. */
  readonly explained: (tensor: string) => Explained | undefined;
}
