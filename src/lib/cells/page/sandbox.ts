import type { FromSandbox, ToSandbox } from '../messages.ts';
import { openFrame, type Frame } from './frame.ts';
import { readMessage } from './read-message.ts';

/** How often the worker is asked whether it hears, and how long it may be silent while a cell computes. */
const ASK_MS = 250;
const SILENT_MS = 1_200;
/** The same while none computes: something that a cell left behind keeps the worker. */
const IDLE_SILENT_MS = 4_000;
/** How long a new worker may take to say that it is ready; a frame whose file did not come never does. */
const READY_MS = 20_000;
/** How much longer it is waited for, for each millisecond that the page's own clock is late. */
const PATIENCE = 2;
/** More messages than this between two answers to the page's question are no results: the page could not keep up. */
const MOST_MESSAGES = 1_000;

/** Why a sandbox was taken down by the page. */
export type End = 'silent' | 'flood';

/**
 * The page's end of one sandbox. The worker is asked over and over whether it hears: one that is silent is in an endless
 * loop, and is ended with its frame, the sooner where `busy` says that a cell computes.
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
  #timer: ReturnType<typeof setInterval> | undefined;
  #heard = 0;
  #ticked = 0;
  #late = 0;
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
    const { default: code } = await import('../inside/main.ts?bundled');
    const frame = await openFrame(code);
    if (this.#over) return frame.remove();
    this.#frame = frame;
    frame.port.onmessage = ({ data }: MessageEvent<unknown>) => this.#take(data);
    this.#timer = setInterval(() => this.#watch(), ASK_MS);
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
    clearInterval(this.#timer);
    this.#frame?.remove();
    this.#waiting = [];
  }

  #take(data: unknown): void {
    const now = performance.now();
    if (++this.#count > MOST_MESSAGES) return this.#end('flood');
    this.#heard = now;
    const message = readMessage(data);
    if (!message) return;
    // The worker answers in the order in which it speaks: what it said before is behind the page now.
    if (message.say === 'pong') this.#count = 0;
    if (message.say === 'ready') {
      this.#ready = true;
      this.#readied();
      for (const { message: kept, transfer } of this.#waiting) this.#frame?.port.postMessage(kept, transfer);
      this.#waiting = [];
    } else if (message.say !== 'pong') this.#hear(message);
  }

  #watch(): void {
    const now = performance.now();
    // Where the page itself stood still, the worker's answers are still waiting to be read. Where it is late, the machine
    // has much to do, and so the worker may be late as well.
    const late = Math.max(0, now - this.#ticked - ASK_MS);
    const stood = late > 2 * ASK_MS;
    this.#ticked = now;
    this.#late = Math.max(late, this.#late * 0.5);
    const most = (this.#busy() ? SILENT_MS : IDLE_SILENT_MS) + PATIENCE * this.#late;
    if (!this.#ready || stood) this.#heard = now;
    else if (now - this.#heard > most) return this.#end('silent');
    if (this.#ready) this.#frame?.port.postMessage({ say: 'ping', n: 0 } satisfies ToSandbox);
  }

  #end(why: End): void {
    if (this.#over) return;
    this.remove();
    this.#ended(why);
  }
}
