import type { FromTraining, ToTraining } from './messages.ts';

/** Milliseconds that are trained before others are heard, and between two looks at least. */
const STRETCH = 40;
const BETWEEN = 1000;

/** A training that is made step by step. */
export interface Training {
  /** Steps made. */
  readonly made: number;
  readonly done: boolean;
  /** One step. @returns its loss */
  step(): number;
}

/** What is trained: how a training begins, and what is to be seen of it between two steps. */
export interface Trained<S, L, T, W extends Training = Training> {
  begin(spec: S): W;
  see(training: W, look: L): T | Promise<T>;
  /** Milliseconds between two looks at least; a second by default. */
  readonly between?: number;
}

/** A training as its worker keeps it: trains in short stretches, answers in between, looks now and then. */
export class TrainingWork<S, L, T, W extends Training> {
  readonly #trained: Trained<S, L, T, W>;
  readonly #say: (message: FromTraining<T>) => void;
  readonly #breathe: () => Promise<void>;
  readonly #now: () => number;
  #training: W | undefined;
  #look: L | undefined;
  #running = false;
  /** A stretch or a look is under way: the loop goes round by itself. */
  #busy = false;
  #stale = false;
  #ms = 0;
  #next = 0;

  /** @param breathe lets messages come in */
  constructor(
    trained: Trained<S, L, T, W>,
    say: (message: FromTraining<T>) => void,
    breathe: () => Promise<void> = () => new Promise((done) => setTimeout(done)),
    now: () => number = () => performance.now(),
  ) {
    this.#trained = trained;
    this.#say = say;
    this.#breathe = breathe;
    this.#now = now;
  }

  hear(message: ToTraining<S, L>): void {
    if (message.type === 'begin') {
      this.#training = this.#trained.begin(message.spec);
      this.#look = message.look;
      this.#stale = true;
    } else if (message.type === 'look') {
      this.#look = message.look;
      this.#stale = true;
    } else {
      this.#running = message.type === 'run';
      // Whoever stops looks at what has become of it.
      if (!this.#running) this.#stale = true;
    }
    void this.#go();
  }

  async #go(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#training && (this.#stale || (this.#running && !this.#training.done))) {
      const training = this.#training;
      if (this.#running && !training.done) this.#stretch(training);
      if (this.#stale || training.done || this.#now() >= this.#next) await this.#see(training);
      if (training.done && this.#running) {
        this.#running = false;
        this.#say({ type: 'done' });
      }
      await this.#breathe();
    }
    this.#busy = false;
  }

  #stretch(training: W): void {
    const began = this.#now();
    let [sum, count] = [0, 0];
    while (!training.done && (count === 0 || this.#now() - began < STRETCH)) {
      sum += training.step();
      count++;
    }
    this.#ms += this.#now() - began;
    this.#say({ type: 'progress', step: training.made, loss: sum / count, ms: this.#ms });
  }

  async #see(training: W): Promise<void> {
    this.#stale = false;
    const began = this.#now();
    const looked = await this.#trained.see(training, this.#look as L);
    this.#say({ type: 'looked', looked });
    const took = this.#now() - began;
    // At the most a fifth of the time is spent on looking.
    this.#next = this.#now() + Math.max(this.#trained.between ?? BETWEEN, 4 * took);
  }
}
