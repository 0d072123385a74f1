/** How long the worker may be silent before it is looked at more closely, milliseconds. */
const QUIET_MS = 200;
/** How much processor time a silent worker may use while a cell computes, milliseconds. */
const BUSY_MS = 900;
/** The same while none computes: something that a cell left behind keeps the worker. */
const IDLE_MS = 3_000;
/**
 * So many looks at a silent worker end it in any case, ten seconds where one comes each tenth of a second: nobody waits for
 * longer, and where hardly any processor is left its time says little.
 */
const MOST_LOOKS = 100;

/**
 * How long a worker has been silent, in processor time. Time on the clock would not do: on a machine that has much to do
 * an innocent cell takes many times as long as it computes. No page can read how much of the processor a worker had, but a
 * thread beside it (inside/pace.ts) can say how much it had itself, and threads of one process are treated alike.
 */
export class Silence {
  /** Since when something is waited for, by the page's clock. */
  #since: number | undefined;
  /** Processor time of the thread beside the worker in this silence. */
  #ran = 0;
  #looks = 0;
  #asked: 'no' | 'in this silence' | 'before it' = 'no';

  /** The worker said something, so it is at rest and hears. */
  heard(): void {
    this.#since = undefined;
    this.#ran = 0;
    this.#looks = 0;
    if (this.#asked !== 'no') this.#asked = 'before it';
  }
  /** The worker said that a cell begins: it may be heard again when that is over. */
  began(now: number): void {
    this.heard();
    this.#since = now;
  }
  /** A look at regular times, at each of which the worker is asked whether it hears. */
  look(now: number): void {
    if (this.#since === undefined) this.#since = now;
    else this.#looks++;
  }
  /** Whether the thread beside the worker should be asked now; if so, it is taken to be. */
  asks(now: number): boolean {
    if (this.#asked !== 'no' || this.#since === undefined || now - this.#since < QUIET_MS) return false;
    this.#asked = 'in this silence';
    return true;
  }
  /** The thread beside the worker had that many milliseconds of the processor since it was asked. */
  ran(ms: number): void {
    if (this.#asked === 'in this silence') this.#ran += ms;
    this.#asked = 'no';
  }
  /**
   * Whether the worker must be taken for one in an endless loop.
   * @param busy whether a cell computes
   */
  over(busy: boolean): boolean {
    return this.#ran >= (busy ? BUSY_MS : IDLE_MS) || this.#looks >= MOST_LOOKS;
  }
}
