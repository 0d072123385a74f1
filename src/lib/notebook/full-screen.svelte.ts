/**
 * An element that can take the whole screen: by the browser's own means where it has them (a phone's may not), else over
 * the whole window. Escape leaves either way, and the focus goes back to where it was.
 */
export class FullScreen {
  #on = $state(false);
  #node: HTMLElement | undefined;
  #before: Element | null = null;

  get on(): boolean {
    return this.#on;
  }

  /** Attachment: the element, for as long as it stands. */
  readonly attach = (node: HTMLElement) => {
    this.#node = node;
    const changed = () => {
      if (this.#on && document.fullscreenElement === null) this.#left();
    };
    const keydown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || !this.#on) return;
      event.preventDefault();
      void this.leave();
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
    document.documentElement.style.overflow = 'hidden';
    this.#node.focus({ preventScroll: true });
    // Over the window it is in any case; a browser that may not give the screen leaves it at that.
    await this.#node.requestFullscreen?.().catch(() => undefined);
  }

  async leave(): Promise<void> {
    if (!this.#on) return;
    // First the screen, then the focus: while it has the screen nothing outside of it keeps the focus.
    if (document.fullscreenElement) await document.exitFullscreen().catch(() => undefined);
    this.#left();
  }

  async turn(): Promise<void> {
    await (this.#on ? this.leave() : this.enter());
  }

  #left(): void {
    if (!this.#on) return;
    this.#on = false;
    document.documentElement.style.overflow = '';
    if (this.#before instanceof HTMLElement) this.#before.focus({ preventScroll: true });
    this.#before = null;
  }
}
