import type { PlayedRun, RunState } from './played-run.svelte.ts';
import { sameSettings } from './settings.ts';

/** One run of a sheet. */
export interface Entry<S> {
  readonly id: string;
  readonly settings: S;
}

/**
 * Several runs one after the other: small multiples. Set `entries`, call `play`; what is already done of an equal entry
 * stays.
 */
export class Sheet<S extends { readonly steps: number }, R extends PlayedRun<S, RunState>> {
  readonly #make: () => R;
  #runs = $state.raw<readonly { readonly id: string; readonly run: R }[]>([]);
  #playing = $state(false);
  #ticket = 0;

  /** @param make a run without settings; it need keep no more than its first and its newest state */
  constructor(make: () => R) {
    this.#make = make;
  }

  get runs() {
    return this.#runs;
  }
  run(id: string): R | undefined {
    return this.#runs.find((r) => r.id === id)?.run;
  }
  /** Runs are being made, or wait for their turn. */
  get playing(): boolean {
    return this.#playing;
  }
  /** Steps made and wanted, of all runs together. */
  get made(): number {
    return this.#runs.reduce((sum, { run }) => sum + run.made, 0);
  }
  get total(): number {
    return this.#runs.reduce((sum, { run }) => sum + run.total, 0);
  }
  get done(): boolean {
    return this.#runs.length > 0 && this.#runs.every(({ run }) => run.phase === 'done');
  }
  /** The first run that failed. */
  get failed(): R | undefined {
    return this.#runs.find(({ run }) => run.phase === 'failed')?.run;
  }

  set entries(entries: readonly Entry<S>[]) {
    const same =
      entries.length === this.#runs.length &&
      entries.every(({ id, settings }, i) => {
        const old = this.#runs[i];
        return old?.id === id && sameSettings(old.run.settings, settings);
      });
    if (same) return;
    this.cancel();
    const old = this.#runs;
    this.#runs = entries.map(({ id, settings }) => {
      const kept = old.find((r) => r.id === id && sameSettings(r.run.settings, settings));
      if (kept) return kept;
      const run = this.#make();
      run.settings = settings;
      return { id, run };
    });
  }

  /** Makes what is not yet made, in order. */
  async play(): Promise<void> {
    if (this.#playing) return;
    const ticket = ++this.#ticket;
    this.#playing = true;
    for (const { run } of this.#runs) {
      if (ticket !== this.#ticket) return;
      if (run.phase !== 'done' && !(await run.play())) break;
    }
    if (ticket === this.#ticket) this.#playing = false;
  }

  /** Stops; what was made stays. */
  cancel(): void {
    this.#ticket++;
    this.#playing = false;
    for (const { run } of this.#runs) run.pause();
  }
}
