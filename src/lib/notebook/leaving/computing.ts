import { anyAwaited } from '#lib/base/awaited.svelte.ts';

/** What says that a model or a panel is on its way. */
const LOADING = '[data-panel-coming], [data-model-line="loading"], [data-loading-line="loading"]';

/** Whether something is being computed, or loaded, that will take the place of what a figure shows. */
export const computing = (figure: ParentNode | undefined): boolean =>
  anyAwaited() || (figure?.querySelector(LOADING) ?? null) !== null;

/** What says that a part of a figure has no values. It may wait for the reader: not everything is computed unasked. */
const EMPTY = '[aria-busy="true"], .pending';

export const unfilled = (figure: ParentNode): boolean => figure.querySelector(EMPTY) !== null;
