/** Milliseconds of a download's past that its speed is read from, and how much of it must have been seen. */
const [WINDOW, LEAST] = [8000, 2500];

/** How long a download will still take, from how fast it went in the last seconds. */
export class TimeLeft {
  #seen: { readonly at: number; readonly loaded: number }[] = [];

  /**
   * Takes note of how far it has come.
   * @param at milliseconds of any clock
   * @param loaded bytes that are here; fewer than before: it began anew
   * @param total bytes in all; 0: not known
   * @returns milliseconds still to go; undefined as long as too little was seen, or nothing came
   */
  see(at: number, loaded: number, total: number): number | undefined {
    if (loaded < (this.#seen.at(-1)?.loaded ?? 0)) this.#seen = [];
    this.#seen.push({ at, loaded });
    // The last one before the window stays: the window's first bytes are counted from it.
    while (this.#seen.length > 2 && this.#seen[1]!.at < at - WINDOW) this.#seen.shift();
    const first = this.#seen[0]!;
    const came = loaded - first.loaded;
    if (total <= 0 || at - first.at < LEAST || came <= 0) return undefined;
    return (Math.max(0, total - loaded) * (at - first.at)) / came;
  }
}

/**
 * Seconds as they are said of what is uncertain: under 10 s each, under a minute in fives, then in halves of a minute.
 * @param ms milliseconds, 0 or more
 */
export function roundedSeconds(ms: number): number {
  const seconds = ms / 1000;
  const step = seconds < 10 ? 1 : seconds < 60 ? 5 : 30;
  return Math.max(1, Math.round(seconds / step) * step);
}
