import { Fault, type FaultRecord } from '#lib/base/errors.ts';
import type { Program, ProgramStep } from '#lib/programs/program.ts';
import { modelFolder } from '#lib/runtime/addresses.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { toRecord, type ModelRef, type ProgramResult } from '#lib/runtime/protocol.ts';
import type { LiveModel } from './live-model.svelte.ts';

export type SessionPhase = 'idle' | 'loading' | 'running' | 'done' | 'failed';

let count = 0;

/**
 * A program as a page sees it: set `spec`, and its steps stream in. A newer spec supersedes the one under way, whose
 * steps stay on show until the first of its own is there (`stale`). Everything public is reactive.
 */
export class ProgramSession<Spec, Step extends ProgramStep> {
  readonly #engine: Engine;
  readonly #program: Program<Spec, Step>;
  readonly #parts: Readonly<Record<string, LiveModel>>;
  readonly #key = `program-session-${++count}`;
  #spec = $state.raw<Spec>();
  #phase = $state<SessionPhase>('idle');
  #fault = $state.raw<FaultRecord>();
  #steps = $state.raw<readonly Step[]>([]);
  #stale = $state(false);
  #resumed = $state(0);
  #result = $state.raw<ProgramResult>();
  #stop: AbortController | undefined;

  /** @param parts models whose weights, progress and faults it shares, by the names the program has for them */
  constructor(engine: Engine, program: Program<Spec, Step>, parts: Readonly<Record<string, LiveModel>>) {
    this.#engine = engine;
    this.#program = program;
    this.#parts = parts;
  }

  get spec(): Spec | undefined {
    return this.#spec;
  }
  /** Undefined: nothing is run. */
  set spec(value: Spec | undefined) {
    if (value === this.#spec) return;
    this.#spec = value;
    this.#stale = this.#steps.length > 0;
    this.#stop?.abort();
    if (value !== undefined) void this.#run(value);
    else this.clear();
  }
  get phase(): SessionPhase {
    return this.#phase;
  }
  get busy(): boolean {
    return this.#phase === 'loading' || this.#phase === 'running';
  }
  /** Why it failed; see `retry`. */
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }
  /** Steps of the newest run that has any, in order. */
  get steps(): readonly Step[] {
    return this.#steps;
  }
  /** The steps on show are those of an older spec. */
  get stale(): boolean {
    return this.#stale;
  }
  /** How often a run went on, on another device, after its own was lost. */
  get resumed(): number {
    return this.#resumed;
  }
  get result(): ProgramResult | undefined {
    return this.#result;
  }
  /** The part whose bytes are coming. */
  get loading(): LiveModel | undefined {
    return Object.values(this.#parts).find((part) => part.phase === 'loading');
  }

  /** Stops where it is; what has come stays on show. */
  cancel(): void {
    this.#stop?.abort();
    for (const part of Object.values(this.#parts)) if (part.phase === 'loading') part.cancel();
    if (this.busy) this.#phase = 'idle';
  }
  /** Stops and forgets. */
  clear(): void {
    this.cancel();
    this.#phase = 'idle';
    this.#steps = [];
    this.#stale = false;
    this.#fault = undefined;
    this.#result = undefined;
  }
  /** After a failure or a cancel: runs the spec once more. */
  retry(): void {
    if (this.#spec !== undefined && !this.busy) void this.#run(this.#spec);
  }

  async #run(spec: Spec): Promise<void> {
    const stop = (this.#stop = new AbortController());
    const { signal } = stop;
    this.#fault = undefined;
    this.#phase = 'loading';
    try {
      const models = await this.#models();
      if (signal.aborted) return;
      this.#phase = 'running';
      let came: readonly Step[] = [];
      this.#result = await this.#engine.program(
        this.#program,
        { models, spec },
        {
          key: this.#key,
          signal,
          onStep: (step) => {
            if (signal.aborted) return;
            // A program that had to begin anew says its first steps a second time.
            came = [...came.filter((s) => s.step < step.step), step];
            this.#steps = came;
            this.#stale = false;
          },
          onAgain: () => this.#resumed++,
        },
      );
      this.#phase = 'done';
    } catch (error) {
      if (signal.aborted) return;
      const fault = toRecord(error);
      this.#fault = fault.code === 'cancelled' ? undefined : fault;
      this.#phase = fault.code === 'cancelled' ? 'idle' : 'failed';
    }
  }

  /** Configurations and weights of all parts, side by side. @throws Fault of the first part that cannot be had */
  async #models(): Promise<Readonly<Record<string, ModelRef>>> {
    const ready = await Promise.all(
      Object.entries(this.#parts).map(async ([part, live]) => {
        const failed = live.phase === 'failed';
        if (!(failed ? await live.retry().then(() => live.load()) : await live.load())) {
          const fault = live.fault;
          throw fault ? new Fault(fault.code, { ...fault.details }) : new Fault('cancelled');
        }
        return [part, { url: modelFolder(live.name), config: await live.describe() }] as const;
      }),
    );
    return Object.fromEntries(ready);
  }
}
