import type { CellFault } from '../language/faults.ts';
import type { Shown } from '../messages.ts';
import type { Progress } from './questions.ts';

/**
 * `idle`: not run yet. `waits`: for the sandbox, a tensor, or another cell. `runs`. `done`. `failed`: see `fault`.
 * `stopped`: by the reader or by the watch; runs again when it is changed or asked to.
 */
export type CellStatus = 'idle' | 'waits' | 'runs' | 'done' | 'failed' | 'stopped';

/** One cell as the page has it. Everything public is reactive. */
export class CellState {
  readonly id: string;
  code = $state('');
  status = $state<CellStatus>('idle');
  /** What it showed last; stays while it runs again. */
  shown = $state.raw<readonly Shown[]>([]);
  /** Why it failed while it ran; what keeps it from running at all, the book's reading says. */
  thrown = $state.raw<CellFault>();
  /** How far the program is that it has asked for. */
  progress = $state.raw<Progress>();
  /** Milliseconds of the last run. */
  ms = $state<number>();
  /** Counts what is sent to the sandbox. */
  version = 0;
  /** What was sent last, to be told from what would be sent now. */
  sent: string | undefined;

  constructor(id: string, code: string) {
    this.id = id;
    this.code = code;
  }

  /** A program that it has asked for has made a step. */
  goesOn(progress: Progress): void {
    if (this.status === 'runs') this.progress = progress;
  }
}

let count = 0;
/** An id that no other cell of this page has. */
export function freshId(): string {
  return `c${(++count).toString(36)}${Math.floor(performance.now()).toString(36)}`;
}
