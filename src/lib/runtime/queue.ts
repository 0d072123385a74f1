import { Fault } from '#lib/base/errors.ts';

export interface JobContext {
  /** Aborted when the page no longer wants the answer. */
  readonly signal: AbortSignal;
  /** Lets messages that arrived meanwhile be read (a cancel sets `signal`), then throws if there was one. */
  breathe(): Promise<void>;
}

interface Job {
  readonly id: number;
  readonly work: (context: JobContext) => Promise<void>;
  readonly fail: (error: unknown) => void;
  readonly stop: AbortController;
}

/** A turn of the event loop in which waiting messages are delivered. */
export type Turn = () => Promise<void>;

/**
 * The worker's work, one job at a time in the order of arrival. A forward pass cannot be interrupted, so cancelling
 * a running job means that nothing of it is delivered; a waiting one is dropped and never runs.
 */
export class Queue {
  #jobs: Job[] = [];
  #running: Job | undefined;
  readonly #turn: Turn;

  constructor(turn: Turn) {
    this.#turn = turn;
  }

  /** Jobs waiting or running. */
  get length(): number {
    return this.#jobs.length + (this.#running ? 1 : 0);
  }

  /** `fail` receives whatever `work` throws, and Fault('cancelled') for a job that was cancelled. */
  push(id: number, work: Job['work'], fail: Job['fail']): void {
    this.#jobs.push({ id, work, fail, stop: new AbortController() });
    if (!this.#running) void this.#drain();
  }

  cancel(id: number): void {
    if (this.#running?.id === id) return this.#running.stop.abort();
    const at = this.#jobs.findIndex((j) => j.id === id);
    if (at >= 0) this.#jobs.splice(at, 1)[0]?.fail(new Fault('cancelled'));
  }

  async #drain(): Promise<void> {
    for (let job = this.#jobs.shift(); job; job = this.#jobs.shift()) {
      this.#running = job;
      const { signal } = job.stop;
      const breathe = async () => {
        await this.#turn();
        if (signal.aborted) throw new Fault('cancelled');
      };
      try {
        await job.work({ signal, breathe });
      } catch (error) {
        job.fail(signal.aborted ? new Fault('cancelled') : error);
      }
      this.#running = undefined;
    }
  }
}
