import { createSubscriber } from 'svelte/reactivity';

export type ThemeName = 'light' | 'dark';

/** The page's theme and its colours, for what is drawn on a canvas. Reading it inside an effect follows a switch. */
class PageTheme {
  #watch = createSubscriber((update) => {
    const changed = () => {
      this.#forget();
      update();
    };
    this.#forget();
    this.#watched = true;
    const observer = new MutationObserver(changed);
    observer.observe(document.documentElement, {
      attributes: true,
      attributeFilter: ['data-theme', 'class', 'style'],
    });
    const media = matchMedia('(prefers-color-scheme: dark)');
    media.addEventListener('change', changed);
    return () => {
      this.#watched = false;
      observer.disconnect();
      media.removeEventListener('change', changed);
    };
  });
  #colours = new Map<string, string>();
  #name: ThemeName | undefined;
  /** Somebody follows the theme, so that what is kept of it is let go in time. */
  #watched = false;

  #forget(): void {
    this.#colours.clear();
    this.#name = undefined;
  }

  /** Asked of the browser once: each time it would work out the style of the whole page there and then. */
  get name(): ThemeName {
    if (typeof document === 'undefined') return 'light';
    this.#watch();
    const name = this.#name ?? schemeNow();
    this.#name = this.#watched ? name : undefined;
    return name;
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

function schemeNow(): ThemeName {
  return getComputedStyle(document.documentElement).colorScheme === 'dark' ? 'dark' : 'light';
}

export const theme = new PageTheme();
