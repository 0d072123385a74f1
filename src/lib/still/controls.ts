/**
 * What only serves to change a figure, or speaks of work that is going on: a still has none of it. What a control is set
 * to stands in the caption (settings.ts). A button that holds a choice, names a tensor or is drawn on is a part of the
 * figure; one that has only words or a sign does something, unless it says that it belongs to the drawing.
 */
export const CONTROLS = [
  '[data-screen], [data-computing], [data-picture-bar], [data-flip]',
  'input, select, textarea, progress, dialog, [popover], details:not([open])',
  'button:not([aria-pressed], [aria-current], [role], [data-tensor], [data-drawn], :has(:not(svg, svg *)))',
].join(', ');

/** Whether an element names a control that a still has not. What is ticked or typed in a text field stays. */
export const namesControl = (element: Element): boolean =>
  element instanceof HTMLLabelElement &&
  (element.control instanceof HTMLSelectElement ||
    (element.control instanceof HTMLInputElement && !/^(checkbox|text|search)$/.test(element.control.type)));
