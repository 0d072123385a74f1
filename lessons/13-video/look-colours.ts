import type { Look } from './reach.ts';

/** The colour of tokens.css of each kind of look; none for what is not looked at. */
export const LOOK_COLOURS: Readonly<Record<Look, string | undefined>> = {
  none: undefined,
  space: 'kind-1',
  time: 'kind-2',
  both: 'accent',
  all: 'kind-3',
};
