import { createSubscriber } from 'svelte/reactivity';

export type ThemeName = 'light' | 'dark';

/** The page's theme and its colours, for what is drawn on a canvas. Reading it inside an effect follows a switch. */
class PageTheme {
  #watch = createSubscriber((update) => {
    const observer = new MutationObserver(() => {
      this.#colours.clear();
      update();
    });
    observer.observe(document.documentElement, {
      attributes: true,
      attributeFilter: ['data-theme', 'class', 'style'],
    });
    const media = matchMedia('(prefers-color-scheme: dark)');
    const changed = () => {
      this.#colours.clear();
      update();
    };
    media.addEventListener('change', changed);
    return () => {
      observer.disconnect();
      media.removeEventListener('change', changed);
    };
  });
  #colours = new Map<string, string>();

  get name(): ThemeName {
    if (typeof document === 'undefined') return 'light';
    this.#watch();
    return getComputedStyle(document.documentElement).colorScheme === 'dark' ? 'dark' : 'light';
  }

  /** The value of a custom property of tokens.css, e.g. `colour('accent')`. */
  colour(name: string): string {
    if (typeof document === 'undefined') return '';
    this.#watch();
    let value = this.#colours.get(name);
    if (value === undefined) {
      value = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
      this.#colours.set(name, value);
    }
    return value;
  }
}

export const theme = new PageTheme();
