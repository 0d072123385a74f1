/** Milliseconds that a button says what came of a press. */
const SAID = 2400;

/** Puts text on the clipboard, and says for a moment whether that worked. */
export class Copying {
  /** Reactive. A browser may refuse the clipboard. */
  said = $state<'no' | 'yes' | 'failed'>('no');
  #timer: ReturnType<typeof setTimeout> | undefined;

  async copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.said = 'yes';
    } catch {
      this.said = 'failed';
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.said = 'no'), SAID);
  }
}
