import type { Asked, FromSandbox, Plain, ToSandbox } from '../messages.ts';
import { inParts } from '../parts.ts';
import { SaidError } from './said-error.ts';

/** An answer of the page that is a refusal. */
export class Refusal extends SaidError {
  override readonly name = 'Refusal';
  readonly nearest: readonly string[] | undefined;
  constructor(en: string, zh: string, nearest?: readonly string[]) {
    super(en, zh);
    this.nearest = nearest;
  }
}

/** Beside a question: which cell asks, who hears of steps on the way, and what ends the wish for an answer. */
export interface Asking {
  readonly cell?: string;
  readonly onStep?: (value: unknown) => void;
  readonly over?: Promise<void>;
}

/** The sandbox's end of the line to the page. */
export class Line {
  readonly #port: MessagePort;
  readonly #send: MessagePort['postMessage'];
  readonly #calls = new Map<
    number,
    {
      readonly resolve: (value: unknown) => void;
      readonly reject: (error: unknown) => void;
      readonly onStep: Asking['onStep'];
    }
  >();
  #count = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    this.#send = port.postMessage.bind(port);
  }
  say(message: FromSandbox): void {
    for (const part of inParts(message)) this.#send(part);
  }
  ask(what: Asked, of: unknown, { cell, onStep, over }: Asking = {}): Promise<unknown> {
    const call = ++this.#count;
    void over?.then(() => {
      if (this.#calls.delete(call)) this.say({ say: 'drops', call });
    });
    return new Promise((resolve, reject) => {
      this.#calls.set(call, { resolve, reject, onStep });
      this.say({ say: 'asks', call, what, of, ...(cell !== undefined && { cell }) });
    });
  }
  /** A step on the way; what its hearer throws ends the wait. */
  stepped({ call, value }: Extract<ToSandbox, { say: 'step' }>): void {
    const open = this.#calls.get(call);
    try {
      open?.onStep?.(value);
    } catch (error) {
      this.#calls.delete(call);
      this.say({ say: 'drops', call });
      open?.reject(error);
    }
  }
  answered(message: Extract<ToSandbox, { say: 'answer' | 'refuse' }>): void {
    const call = this.#calls.get(message.call);
    this.#calls.delete(message.call);
    if (message.say === 'answer') call?.resolve(message.value);
    else call?.reject(new Refusal(message.message, message.zh, message.nearest));
  }
  listen(hear: (message: ToSandbox) => void): void {
    this.#port.onmessage = ({ data }: MessageEvent<ToSandbox>) => hear(data);
  }
}

/** What a reader has entered into the controls of all cells, and who waits for more. */
export class Entries {
  readonly #values = new Map<string, Plain>();
  readonly #waiting = new Map<string, (() => void)[]>();

  enter(key: string, value: Plain): void {
    this.#values.set(key, value);
    const waiting = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    for (const go of waiting) go();
  }
  /** The value of a control, now and at every change. */
  async *of(key: string): AsyncGenerator<Plain> {
    for (let last: Plain | undefined; ;) {
      const now = this.#values.get(key);
      if (now !== undefined && now !== last) {
        last = now;
        yield now;
      } else await new Promise<void>((go) => this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), go]));
    }
  }
}
