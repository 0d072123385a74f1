import { untrack } from 'svelte';
import { setAwaited } from '#lib/base/awaited.svelte.ts';
import type { Frame } from '#lib/diffusion/session/frames.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { SamplingSession } from '#lib/diffusion/session/sampling-session.svelte.ts';
import { sameSettings, type RunSettings } from '#lib/diffusion/session/settings.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';

/** A finished run. */
interface Finished {
  readonly settings: RunSettings;
  readonly frames: readonly Frame[];
}

/**
 * A sampling run that follows the reader's settings. One that is under way is finished before the newest settings are
 * taken up, so that pictures keep coming while a slider moves; the last finished ones stay until then.
 */
export class FollowedSession {
  readonly run: SamplingSession;
  readonly #streams: boolean;
  #finished = $state.raw<Finished>();
  #wish = $state.raw<RunSettings>();
  #driving = false;
  /** Asked to go on before the stop had come through. */
  #goOn = false;

  /** @param streams show every step of a new run as it comes, in place of the last finished one */
  constructor(engine: Engine, live: LiveModel, streams = false) {
    this.run = new SamplingSession(engine, live);
    this.#streams = streams;
  }

  /** The states on show, step 0 first. */
  get frames(): readonly Frame[] {
    const settled = this.#finished && (!this.#streams || !this.pending);
    return settled ? this.#finished!.frames : this.run.frames;
  }
  /** The finished run on show; undefined while there is none. */
  get finished(): Finished | undefined {
    return this.#finished;
  }
  /** The finished run on show is not the one asked for. */
  get pending(): boolean {
    return this.#wish !== undefined && !sameSettings(this.#finished?.settings, this.#wish);
  }

  /** Asks for a run; equal settings do nothing. */
  ask(settings: RunSettings | undefined): void {
    // A wish is made by an effect that follows the settings: how far the session is must not make it once more.
    untrack(() => {
      if (!settings || sameSettings(settings, this.#wish)) return;
      this.#wish = settings;
      setAwaited(this, this.pending);
      if (this.#streams) this.run.pause();
      void this.#drive();
    });
  }
  /** Goes on after a failure or a stop. */
  again(): void {
    this.#goOn = this.#driving;
    void this.#drive();
  }
  stop(): void {
    this.run.pause();
  }
  /** For the end of the page. */
  dispose(): void {
    setAwaited(this, false);
    this.run.dispose();
  }

  async #drive(): Promise<void> {
    if (this.#driving) return;
    this.#driving = true;
    setAwaited(this, this.pending);
    try {
      while (this.#wish && this.pending) {
        const settings = this.#wish;
        this.run.settings = settings;
        const done = await this.run.play();
        if (done) {
          this.#finished = { settings, frames: this.run.frames };
          setAwaited(this, this.pending);
        } else if (this.#wish === settings && !this.#goOn) return;
        this.#goOn = false;
      }
    } finally {
      this.#driving = false;
      // Stopped or failed: the line below the pictures says so, and nothing is computed.
      setAwaited(this, false);
    }
  }
}
