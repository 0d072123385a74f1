/** Where a key goes to in the slide show. `up` and `down` scroll the prose of a step. */
export type Move = 'next' | 'previous' | 'first' | 'last' | 'up' | 'down';

/** Page Up and Page Down are what a clicker sends. */
const MOVES: Readonly<Record<string, Move>> = {
  ArrowRight: 'next',
  PageDown: 'next',
  ' ': 'next',
  ArrowLeft: 'previous',
  PageUp: 'previous',
  Home: 'first',
  End: 'last',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** What has the focus, as far as its keys are concerned. */
export interface Focused {
  /** In lower case. */
  readonly tag: string;
  /** An input's type. */
  readonly type?: string;
  readonly role?: string;
  /** It is in a dialog, or its text can be written. */
  readonly apart?: boolean;
}

const ARROWS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'];
const ALL = Object.keys(MOVES);
/** Roles whose elements are moved through with keys. */
const MOVED =
  /^(application|slider|spinbutton|tab|listbox|option|grid|gridcell|tree|treeitem|menu|menuitem|radio)$/;

/** The keys of the slide show that an element needs for itself. */
export function keysOf({ tag, type = 'text', role = '', apart = false }: Focused): readonly string[] {
  if (apart || tag === 'textarea' || tag === 'select' || MOVED.test(role)) return ALL;
  if (tag === 'input') {
    if (type === 'range') return ALL.filter((key) => key !== ' ');
    if (type === 'radio') return [...ARROWS, ' '];
    return type === 'checkbox' || type === 'button' ? [' '] : ALL;
  }
  return tag === 'button' || tag === 'summary' ? [' '] : [];
}

/** Whether the arrow keys are an element's own: Escape takes the focus from it before it ends the slide show. */
export function holdsArrows(focused: Focused): boolean {
  return keysOf(focused).includes('ArrowRight');
}

/** An element as `keysOf` is told of it. */
export function focusedOf(element: Element | null): Focused {
  if (!(element instanceof HTMLElement)) return { tag: '' };
  const role = element.getAttribute('role');
  return {
    tag: element.localName,
    ...(element instanceof HTMLInputElement && { type: element.type }),
    ...(role && { role }),
    apart: element.isContentEditable || element.closest('dialog, [role="dialog"]') !== null,
  };
}

/** Where a pressed key goes to; undefined where it is not the slide show's, or what has the focus needs it. */
export function moveOf(event: KeyboardEvent): Move | undefined {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
  const focused = focusedOf(event.target instanceof Element ? event.target : null);
  if (keysOf(focused).includes(event.key)) return undefined;
  // Shift and Space go back, as they do in a page.
  return event.shiftKey && event.key === ' ' ? 'previous' : MOVES[event.key];
}
