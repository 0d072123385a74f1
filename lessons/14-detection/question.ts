import type { Text } from '#lib/base/lang.ts';
import type { Option } from '#lib/notebook/choice.ts';

/** A question of the lesson with its answers. */
export interface Question {
  readonly question: Text;
  readonly options: readonly Option[];
}
