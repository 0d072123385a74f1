/** The controls of @observablehq/inputs that cells can ask for. A file of the reader's is not one of them. */
export const CONTROLS = [
  ...(['button', 'checkbox', 'color', 'date', 'datetime', 'email', 'number', 'password', 'radio'] as const),
  ...(['range', 'search', 'select', 'table', 'tel', 'text', 'textarea', 'toggle', 'url'] as const),
] as const;
