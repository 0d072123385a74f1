import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { keymap } from '@codemirror/view';

export { openSearchPanel } from '@codemirror/search';
/** Search within a cell, as an editor has it once it was asked for. */
export const searching = [search({ top: true }), highlightSelectionMatches(), keymap.of(searchKeymap)];
