import type { Engine } from '#lib/runtime/engine.svelte.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { SamplingSession } from './sampling-session.svelte.ts';
import { sameSettings, type RunSettings } from './settings.ts';

/** One run of a sheet. */
export interface Entry {
  readonly id: string;
  readonly settings: RunSettings;
}

/**
 * Several runs one after the other: small multiples. Each keeps its first and its newest state. Set `entries`, call
 * `play`; what is already done of an equal entry stays.
 */
export class Sheet {
  readonly #engine: Engine;
  readonly #live: LiveModel;
  #runs = $state.raw<readonly { readonly id: string; readonly run: SamplingSession }[]>([]);
  #playing = $state(false);
  #ticket = 0;

  constructor(engine: Engine, live: LiveModel) {
    this.#engine = engine;
    this.#live = live;
  }

  get runs() {
    return this.#runs;
  }
  run(id: string): SamplingSession | undefined {
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
  get failed(): SamplingSession | undefined {
    return this.#runs.find(({ run }) => run.phase === 'failed')?.run;
  }

  set entries(entries: readonly Entry[]) {
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
      const run = new SamplingSession(this.#engine, this.#live, { keep: 2 });
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
