/** One place of a film strip. */
export interface FilmPlace<F> {
  readonly id: string;
  /** The step it stands for. */
  readonly step: number;
  /** The state shown there; undefined before it is made. */
  readonly frame: F | undefined;
}

/**
 * The states of a run spread evenly over a film strip. The state on show takes the place of the one next to it, so that
 * what is marked is what is shown.
 * @param total steps of the whole run
 * @param on the state on show
 * @param many places, 2 at least; a run of fewer states has one for each
 * @returns the places, and the id of the one that is nearest to the state on show
 */
export function filmOf<F extends { readonly step: number }>(
  frames: readonly F[],
  total: number,
  on: F | undefined,
  many: number,
): { readonly shown: string; readonly places: readonly FilmPlace<F>[] } {
  const all = Math.max(1, total);
  const last = Math.min(many - 1, all);
  const apart = all / last;
  const steps = Array.from({ length: last + 1 }, (_, i) => Math.round(i * apart));
  const off = (i: number) => Math.abs(steps[i]! - (on?.step ?? 0));
  const shown = steps.reduce((best, _, i) => (off(i) < off(best) ? i : best), 0);
  const places = steps.map((step, i) => {
    const id = String(i);
    if (i === shown && on) return { id, step: on.step, frame: on };
    return { id, step, frame: frames.find((f) => f.step >= step && f.step < step + apart) };
  });
  return { shown: String(shown), places };
}
