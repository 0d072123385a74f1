/**
 * Small choices kept between visits (`patchwork:<name>` in local storage). A browser that closes its storage, or has
 * none, gives back nothing and keeps nothing; the page works all the same.
 */
export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(`patchwork:${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a choice; `undefined` forgets it. */
export function keep(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`patchwork:${name}`);
    else localStorage.setItem(`patchwork:${name}`, value);
  } catch {
    // Nothing to be done, and nothing breaks: the choice lasts as long as the page.
  }
}
