import { setAwaited } from '#lib/base/awaited.svelte.ts';
import { Fault, type FaultRecord } from '#lib/base/errors.ts';
import { modelFolder } from '#lib/runtime/addresses.ts';
import { toRecord, type ModelRef } from '#lib/runtime/protocol.ts';
import type { LiveModel } from './live-model.svelte.ts';

export type SessionPhase =
  /** Nothing is under way; steps may be there. */
  | 'idle'
  /** Runtime or weights are coming. */
  | 'loading'
  | 'running'
  /** All steps are made. */
  | 'done'
  /** See `fault`. */
  | 'failed';

/** The work of a session: one piece at a time, which is done, stopped or fails. Everything public is reactive. */
export class SessionWork {
  #phase = $state<SessionPhase>('idle');
  #fault = $state.raw<FaultRecord>();
  #stop: AbortController | undefined;

  get phase(): SessionPhase {
    return this.#phase;
  }
  get busy(): boolean {
    return this.#phase === 'loading' || this.#phase === 'running';
  }
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }

  /**
   * Takes up a piece of work in place of the one under way. Resolves when it is over; true: it said that all is done.
   * @param work says its phase with `to`, and whether all is done; what it throws is the fault
   */
  async take(
    work: (signal: AbortSignal, to: (phase: 'loading' | 'running') => void) => Promise<boolean>,
  ): Promise<boolean> {
    this.#stop?.abort();
    const stop = (this.#stop = new AbortController());
    const { signal } = stop;
    this.#fault = undefined;
    try {
      const whole = await work(signal, (phase) => {
        if (!signal.aborted) this.#to(phase);
      });
      if (signal.aborted) return false;
      this.#to(whole ? 'done' : 'idle');
      return whole;
    } catch (error) {
      if (!signal.aborted) this.fail(error);
      return false;
    } finally {
      if (this.#stop === stop) this.#stop = undefined;
    }
  }

  /** Ends in a fault; a cancel is none. */
  fail(error: unknown): void {
    const fault = toRecord(error);
    this.#fault = fault.code === 'cancelled' ? undefined : fault;
    this.#to(fault.code === 'cancelled' ? 'idle' : 'failed');
  }
  /** Stops where it is. */
  stop(): void {
    this.#stop?.abort();
    this.#stop = undefined;
    if (this.busy) this.#to('idle');
  }
  /** Stops, and forgets how it ended. */
  reset(): void {
    this.stop();
    this.#to('idle');
    this.#fault = undefined;
  }

  #to(phase: SessionPhase): void {
    this.#phase = phase;
    setAwaited(this, phase === 'running');
  }
}

/** A model for the worker, its weights here; one that failed before is tried again. @throws Fault of the loading */
export async function readyModel(live: LiveModel): Promise<ModelRef> {
  if (live.phase === 'failed') await live.retry();
  if (!(await live.load())) {
    const { fault } = live;
    throw fault ? new Fault(fault.code, { ...fault.details }) : new Fault('cancelled');
  }
  return { url: modelFolder(live.name), config: await live.describe() };
}
