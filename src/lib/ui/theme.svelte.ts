import { keep, recall } from '#lib/base/storage.ts';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/**
 * The reader's choice of theme. `static/theme.js` applies it before the first paint; this class changes it afterwards
 * and follows the system while the choice is `auto`. Paper is always light, also what figures draw on it.
 */
class ThemeChoice {
  #choice = $state<Theme>('auto');

  get choice(): Theme {
    return this.#choice;
  }

  /** Reads the stored choice and follows the system's; returns how to stop. Browser only. */
  follow(): () => void {
    const stored = recall('theme');
    this.#choice = THEMES.find((t) => t === stored) ?? 'auto';
    const system = matchMedia('(prefers-color-scheme: dark)');
    const apply = () => this.#apply(system.matches);
    const print = () => (document.documentElement.dataset.theme = 'light');
    apply();
    system.addEventListener('change', apply);
    addEventListener('beforeprint', print);
    addEventListener('afterprint', apply);
    return () => {
      system.removeEventListener('change', apply);
      removeEventListener('beforeprint', print);
      removeEventListener('afterprint', apply);
    };
  }

  choose(theme: Theme): void {
    this.#choice = theme;
    keep('theme', theme === 'auto' ? undefined : theme);
    this.#apply(matchMedia('(prefers-color-scheme: dark)').matches);
  }

  /** The next of auto, light, dark. */
  turn(): void {
    this.choose(THEMES[(THEMES.indexOf(this.#choice) + 1) % THEMES.length] ?? 'auto');
  }

  #apply(systemDark: boolean): void {
    const dark = this.#choice === 'dark' || (this.#choice === 'auto' && systemDark);
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  }
}

export const theme = new ThemeChoice();
