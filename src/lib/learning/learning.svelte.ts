import type { FromTraining } from './messages.ts';
import type { StartTraining, TrainingPort } from './port.ts';

export type LearningPhase = 'idle' | 'running' | 'paused' | 'done' | 'failed';

/** A word of the training on its loss. */
export interface LossPoint {
  readonly step: number;
  readonly loss: number;
}

/** Points of the curve at the most; then every two neighbours become one. */
const MOST = 240;

/**
 * The training of a small network in a worker, as the page shows it. Everything public is reactive.
 * `S` is what is trained, `L` what is wanted of the network between two steps, `T` what it then says.
 */
export class Learning<S, L, T> {
  readonly #start: StartTraining<S, L, T>;
  #phase = $state<LearningPhase>('idle');
  #step = $state(0);
  #ms = $state(0);
  #losses = $state.raw<readonly LossPoint[]>([]);
  #looked = $state.raw<T>();
  #reason = $state('');
  #port: TrainingPort<S, L> | undefined;
  #look: L | undefined;

  constructor(start: StartTraining<S, L, T>) {
    this.#start = start;
  }

  get phase(): LearningPhase {
    return this.#phase;
  }
  /** Steps made. */
  get step(): number {
    return this.#step;
  }
  /** Milliseconds of training so far. */
  get ms(): number {
    return this.#ms;
  }
  get losses(): readonly LossPoint[] {
    return this.#losses;
  }
  /** What was seen of the network at some step, all of one moment. */
  get looked(): T | undefined {
    return this.#looked;
  }
  /** Why it failed. */
  get reason(): string {
    return this.#reason;
  }
  /** Begins, or goes on after a pause. */
  run(spec: S, look: L): void {
    if (this.#phase === 'done' || this.#phase === 'failed') this.reset();
    if (!this.#port) {
      this.#look = look;
      this.#port = this.#start(this.#hear, (reason) => {
        this.#end();
        this.#reason = reason;
        this.#phase = 'failed';
      });
      this.#port.post({ type: 'begin', spec, look });
    }
    this.#phase = 'running';
    this.#port.post({ type: 'run' });
  }
  pause(): void {
    if (this.#phase !== 'running') return;
    this.#phase = 'paused';
    this.#port?.post({ type: 'pause' });
  }
  /** Another way to look. */
  look(look: L): void {
    if (this.#look === look) return;
    this.#look = look;
    this.#port?.post({ type: 'look', look });
  }
  /** Back to nothing learned; also for the end of the component. */
  reset(): void {
    this.#end();
    this.#phase = 'idle';
    this.#step = this.#ms = 0;
    this.#losses = [];
    this.#looked = undefined;
    this.#reason = '';
  }

  #end(): void {
    this.#port?.end();
    this.#port = undefined;
  }
  readonly #hear = (message: FromTraining<T>): void => {
    if (message.type === 'progress') {
      this.#step = message.step;
      this.#ms = message.ms;
      const all = [...this.#losses, { step: message.step, loss: message.loss }];
      this.#losses = all.length > MOST ? halved(all) : all;
    } else if (message.type === 'looked') this.#looked = message.looked;
    else this.#phase = 'done';
  };
}

function halved(points: readonly LossPoint[]): LossPoint[] {
  const out: LossPoint[] = [];
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [a, b] = [points[i]!, points[i + 1]!];
    out.push({ step: b.step, loss: (a.loss + b.loss) / 2 });
  }
  return out;
}
