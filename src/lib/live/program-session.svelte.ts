import type { FaultRecord } from '#lib/base/errors.ts';
import type { Program, ProgramStep } from '#lib/programs/program.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import type { ModelRef, ProgramResult } from '#lib/runtime/protocol.ts';
import type { LiveModel } from './live-model.svelte.ts';
import { readyModel, SessionWork, type SessionPhase } from './session-work.svelte.ts';

let count = 0;

/**
 * A program as a page sees it: set `spec`, and its steps stream in. A newer spec supersedes the one under way, whose
 * steps stay on show until the first of its own is there (`stale`). Everything public is reactive.
 */
export class ProgramSession<Spec, Step extends ProgramStep> {
  readonly #engine: Engine;
  readonly #program: Program<Spec, Step>;
  readonly #parts: Readonly<Record<string, LiveModel>>;
  readonly #work = new SessionWork();
  readonly #key = `program-session-${++count}`;
  #spec = $state.raw<Spec>();
  #steps = $state.raw<readonly Step[]>([]);
  #stale = $state(false);
  #resumed = $state(0);
  #result = $state.raw<ProgramResult>();

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
    if (value !== undefined) void this.#run(value);
    else this.clear();
  }
  get phase(): SessionPhase {
    return this.#work.phase;
  }
  get busy(): boolean {
    return this.#work.busy;
  }
  /** Why it failed; see `retry`. */
  get fault(): FaultRecord | undefined {
    return this.#work.fault;
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
    this.#work.stop();
    for (const part of Object.values(this.#parts)) if (part.phase === 'loading') part.cancel();
  }
  /** Stops and forgets. */
  clear(): void {
    this.cancel();
    this.#work.reset();
    this.#steps = [];
    this.#stale = false;
    this.#result = undefined;
  }
  /** After a failure or a cancel: runs the spec once more. */
  retry(): void {
    if (this.#spec !== undefined && !this.busy) void this.#run(this.#spec);
  }

  #run(spec: Spec): Promise<boolean> {
    return this.#work.take(async (signal, to) => {
      to('loading');
      const models = await this.#models();
      if (signal.aborted) return false;
      to('running');
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
      return true;
    });
  }

  /** Configurations and weights of all parts, side by side. @throws Fault of the first part that cannot be had */
  async #models(): Promise<Readonly<Record<string, ModelRef>>> {
    const ready = await Promise.all(
      Object.entries(this.#parts).map(async ([part, live]) => [part, await readyModel(live)] as const),
    );
    return Object.fromEntries(ready);
  }
}
