import { VP } from '../math/mixture.ts';
import { normals, SeededNoise } from '../math/noise.ts';
import { finish } from '../math/samplers/step.ts';
import { sample } from '../math/samplers/index.ts';
import type { FromTraining, Look, ToTraining } from './messages.ts';
import { ToyTraining } from './training.ts';

/** Milliseconds that are trained before others are heard, and between two looks at least. */
const STRETCH = 40;
const BETWEEN = 1000;

/** A training as its worker keeps it: trains in short stretches, answers in between, looks about once a second. */
export class TrainingWork {
  readonly #say: (message: FromTraining) => void;
  readonly #breathe: () => Promise<void>;
  readonly #now: () => number;
  #training: ToyTraining | undefined;
  #look: Look | undefined;
  #running = false;
  /** A stretch or a look is under way: the loop goes round by itself. */
  #busy = false;
  #stale = false;
  #ms = 0;
  #next = 0;

  /** @param breathe lets messages come in */
  constructor(
    say: (message: FromTraining) => void,
    breathe: () => Promise<void> = () => new Promise((done) => setTimeout(done)),
    now: () => number = () => performance.now(),
  ) {
    this.#say = say;
    this.#breathe = breathe;
    this.#now = now;
  }

  hear(message: ToTraining): void {
    if (message.type === 'begin') {
      this.#training = new ToyTraining(message.spec);
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

  #stretch(training: ToyTraining): void {
    const began = this.#now();
    let [sum, count] = [0, 0];
    while (!training.done && (count === 0 || this.#now() - began < STRETCH)) {
      sum += training.step();
      count++;
    }
    this.#ms += this.#now() - began;
    this.#say({ type: 'progress', step: training.made, loss: sum / count, ms: this.#ms });
  }

  async #see(training: ToyTraining): Promise<void> {
    const look = this.#look!;
    this.#stale = false;
    const began = this.#now();
    const { seed } = training.spec;
    const last = await finish(
      sample<Float64Array>(look.sampler, {
        process: VP,
        predicts: 'eps',
        model: (x, t) => training.predict(x, t),
        x: normals(seed, 0, 2 * look.points),
        steps: look.steps,
        eta: look.eta,
        noise: new SeededNoise(seed + 1),
      }),
    );
    const field = training.predict(look.grid, look.t);
    const looked = { step: training.made, look, field, gap: training.gapAt(look.t), samples: last.x };
    this.#say({ type: 'looked', looked });
    const took = this.#now() - began;
    // At the most a fifth of the time is spent on looking.
    this.#next = this.#now() + Math.max(BETWEEN, 4 * took);
  }
}
