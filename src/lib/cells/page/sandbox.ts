import type { FromSandbox, ToSandbox } from '../messages.ts';
import { Bundles } from '../parts.ts';
import { openFrame, type Frame } from './frame.ts';
import { readMessage } from './read-message.ts';
import { Silence } from './silence.ts';

/** How often the worker is asked whether it hears: while a cell computes, and while none does. */
const ASK_MS = { busy: 100, idle: 400 };
/** How long a new worker may take to say that it is ready; a frame whose file did not come never does. */
const READY_MS = 20_000;
/** More messages than this between two answers to the page's question are no results: the page could not keep up. */
const MOST_MESSAGES = 1_000;

/** Why a sandbox was taken down by the page. */
export type End = 'silent' | 'flood';

/**
 * The page's end of one sandbox. The worker is asked over and over whether it hears: one that is silent is in an endless
 * loop, and is ended with its frame, the sooner where `busy` says that a cell computes. How long that takes is counted in
 * processor time (silence.ts).
 */
export class Sandbox {
  readonly #hear: (message: FromSandbox) => void;
  readonly #busy: () => boolean;
  readonly #ended: (why: End) => void;
  #frame: Frame | undefined;
  #waiting: { message: ToSandbox; transfer: Transferable[] }[] = [];
  #ready = false;
  #readied: () => void = () => {};
  #over = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #silence = new Silence();
  readonly #bundles = new Bundles();
  #count = 0;

  constructor(options: {
    readonly hear: (message: FromSandbox) => void;
    readonly busy: () => boolean;
    readonly ended: (why: End) => void;
  }) {
    this.#hear = options.hear;
    this.#busy = options.busy;
    this.#ended = options.ended;
  }

  /**
   * Brings the code, opens the frame and waits until the worker is ready.
   * @throws what a failed fetch of the site's own code throws; Error where the frame's file or its worker did not come
   */
  async start(): Promise<void> {
    const [{ default: cells }, { default: pace }] = await Promise.all([
      import('../inside/main.ts?bundled'),
      import('../inside/pace.ts?bundled'),
    ]);
    const frame = await openFrame([cells, pace]);
    if (this.#over) return frame.remove();
    this.#frame = frame;
    frame.port.onmessage = ({ data }: MessageEvent<unknown>) => this.#take(data);
    frame.pace.onmessage = ({ data }: MessageEvent<unknown>) => {
      this.#silence.ran(typeof data === 'number' && data > 0 ? data : 0);
      this.#judge();
    };
    await new Promise<void>((resolve, reject) => {
      this.#readied = resolve;
      setTimeout(() => reject(new Error('the sandbox did not answer')), READY_MS);
    });
  }

  send(message: ToSandbox, transfer: Transferable[] = []): void {
    if (this.#over) return;
    if (this.#ready) this.#frame?.port.postMessage(message, transfer);
    else this.#waiting.push({ message, transfer });
  }

  remove(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#frame?.remove();
    this.#waiting = [];
  }

  #take(data: unknown): void {
    if (++this.#count > MOST_MESSAGES) return this.#end('flood');
    if (this.#bundles.take(data)) return;
    const message = readMessage(data, (of) => this.#bundles.whole(of));
    if (!message) return;
    if (message.say === 'shows') this.#bundles.clear();
    if (message.say === 'begins') {
      this.#silence.began(performance.now());
      this.#watchIn(ASK_MS.busy);
    }
    // A question can be put from within a loop. Everything else is said by a worker that is at rest.
    else if (message.say !== 'asks') this.#silence.heard();
    // The worker answers in the order in which it speaks: what it said before is behind the page now.
    if (message.say === 'pong') this.#count = 0;
    if (message.say === 'ready') {
      this.#ready = true;
      this.#readied();
      for (const { message: kept, transfer } of this.#waiting) this.#frame?.port.postMessage(kept, transfer);
      this.#waiting = [];
      this.#watchIn(ASK_MS.idle);
    } else if (message.say !== 'pong') this.#hear(message);
  }

  #watchIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#silence.look(performance.now());
      this.#frame?.port.postMessage({ say: 'ping', n: 0 } satisfies ToSandbox);
      this.#judge();
      if (!this.#over) this.#watchIn(this.#busy() ? ASK_MS.busy : ASK_MS.idle);
    }, ms);
  }
  /** Ends the worker if it was silent for too long; else asks, if it is silent, how much of the processor there is. */
  #judge(): void {
    if (this.#silence.over(this.#busy())) return this.#end('silent');
    if (this.#silence.asks(performance.now())) this.#frame?.pace.postMessage(0);
  }

  #end(why: End): void {
    if (this.#over) return;
    this.remove();
    this.#ended(why);
  }
}
