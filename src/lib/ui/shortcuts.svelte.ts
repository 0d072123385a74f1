import { getContext, setContext } from 'svelte';
import type { Text } from '#lib/base/lang.ts';
import { keep, recall } from '#lib/base/storage.ts';

export interface Shortcut {
  readonly key: string;
  readonly text: Text;
  readonly run: () => void;
}

/** The single-key shortcuts of the page. They can be switched off, since they get in the way of speech input. */
export class ShortcutList {
  all = $state.raw<readonly Shortcut[]>([]);
  shown = $state(false);
  #on = $state(true);

  constructor() {
    this.#on = recall('shortcuts') !== 'off';
  }

  get on(): boolean {
    return this.#on;
  }
  set on(value: boolean) {
    this.#on = value;
    keep('shortcuts', value ? undefined : 'off');
  }

  /** Adds a shortcut; returns how to take it away. */
  add(shortcut: Shortcut): () => void {
    this.all = [...this.all, shortcut];
    return () => (this.all = this.all.filter((s) => s !== shortcut));
  }

  /** Runs what the key stands for, unless the reader is typing or holds a modifier. `?` always opens the list. */
  press(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
    const target = event.target;
    if (target instanceof HTMLElement && (target.isContentEditable || typing(target))) return;
    if (!this.#on && event.key !== '?') return;
    const found = this.all.find((s) => s.key === event.key);
    if (!found) return;
    event.preventDefault();
    found.run();
  }
}

function typing(target: HTMLElement): boolean {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return (
    target instanceof HTMLInputElement && !['range', 'checkbox', 'radio', 'button'].includes(target.type)
  );
}

const KEY = Symbol('shortcuts');

export function provideShortcuts(): ShortcutList {
  return setContext(KEY, new ShortcutList());
}

export function useShortcuts(): ShortcutList {
  return getContext<ShortcutList>(KEY);
}
