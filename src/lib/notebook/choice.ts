import type { Text } from '#lib/base/lang.ts';

/** One answer to a question, with the reason that is given for it. */
export interface Option {
  readonly text: Text;
  readonly right?: true;
  /** What is said of it once it is chosen: why it is so, or what it overlooks. */
  readonly say: Text;
}
