export interface FullScreenOptions {
  /** What Escape leaves before the screen is left; true when there was such a thing. */
  readonly first?: () => boolean;
  readonly onleave?: () => void;
}

/**
 * An element that can take the whole screen: by the browser's own means where it has them (a phone's may not), else over
 * the whole window. Escape leaves either way, and the focus goes back to where it was.
 */
export class FullScreen {
  #on = $state(false);
  #given = $state(false);
  #node: HTMLElement | undefined;
  #before: Element | null = null;
  #overflow = '';
  readonly #options: FullScreenOptions;

  constructor(options: FullScreenOptions = {}) {
    this.#options = options;
  }

  get on(): boolean {
    return this.#on;
  }

  /** The browser has given the screen itself, not the window alone. */
  get given(): boolean {
    return this.#given;
  }

  /** Attachment: the element, for as long as it stands. */
  readonly attach = (node: HTMLElement) => {
    this.#node = node;
    const changed = () => {
      const had = this.#given;
      this.#given = this.#on && node.contains(document.fullscreenElement);
      // A browser may take Escape for itself: what would have come first still does, over the window.
      if (this.#on && had && !this.#given && !this.#options.first?.()) this.#left();
    };
    const keydown = (event: KeyboardEvent) => {
      // A dialog or a note on top takes Escape by itself.
      if (event.key !== 'Escape' || event.defaultPrevented || !this.#on || liesOver()) return;
      event.preventDefault();
      if (!this.#options.first?.()) void this.leave();
    };
    document.addEventListener('fullscreenchange', changed);
    document.addEventListener('keydown', keydown);
    return () => {
      void this.leave();
      document.removeEventListener('fullscreenchange', changed);
      document.removeEventListener('keydown', keydown);
      this.#node = undefined;
    };
  };

  async enter(): Promise<void> {
    if (!this.#node || this.#on) return;
    this.#before = document.activeElement;
    this.#on = true;
    this.#overflow = document.documentElement.style.overflow;
    document.documentElement.style.overflow = 'hidden';
    this.#node.focus({ preventScroll: true });
    await this.ask();
  }

  /** Asks the browser for its screen, which it gives only to a key or a press. Over the window it is in any case. */
  async ask(): Promise<void> {
    if (!this.#on || navigator.userActivation?.isActive === false) return;
    const node = this.#node;
    await node?.requestFullscreen?.().catch(() => undefined);
    // It was left before the browser had given it.
    if (!this.#on && node && document.fullscreenElement === node)
      await document.exitFullscreen().catch(() => undefined);
  }

  async leave(): Promise<void> {
    if (!this.#on) return;
    this.#given = false;
    // First the screen, then the focus: while it has the screen nothing outside of it keeps the focus.
    if (document.fullscreenElement === this.#node) await document.exitFullscreen().catch(() => undefined);
    this.#left();
  }

  async turn(): Promise<void> {
    await (this.#on ? this.leave() : this.enter());
  }

  #left(): void {
    if (!this.#on) return;
    this.#on = false;
    this.#given = false;
    document.documentElement.style.overflow = this.#overflow;
    if (this.#before instanceof HTMLElement) this.#before.focus({ preventScroll: true });
    this.#before = null;
    this.#options.onleave?.();
  }
}

/** Whether a dialog or a popover lies on top of the page. */
function liesOver(): boolean {
  const popover = CSS.supports('selector(:popover-open)') ? ', :popover-open' : '';
  return document.querySelector(`dialog[open]${popover}`) !== null;
}
