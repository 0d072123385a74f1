import { untrack } from 'svelte';
import { plainSet } from '../plain.ts';
import type { Sandbox } from './sandbox.ts';

export type Library = 'Plot' | 'd3';
/** Each alone, or both, who share much: text of a script, which the sandbox runs. */
const LIBRARIES: Readonly<Record<Library, () => Promise<{ readonly default: string }>>> = {
  Plot: () => import('../inside/plot.ts?bundled'),
  d3: () => import('../inside/d3.ts?bundled'),
};
const BOTH = () => import('../inside/libraries.ts?bundled');

/** The libraries that cells name: fetched once one does, and sent to the sandbox. */
export class Libraries {
  #sandbox = $state.raw<Sandbox>();
  #wanted = $state.raw<readonly Library[]>([]);
  #missing = $state.raw<readonly Library[]>([]);
  /** Those that this sandbox has been sent, or will be. */
  readonly #brought = plainSet<Library>();

  /** Make it while a component is made: it opens an effect. */
  constructor() {
    $effect(() => {
      const sandbox = this.#sandbox;
      const wanted = this.#wanted;
      if (sandbox) untrack(() => void this.#bring(sandbox, wanted));
    });
  }

  /** Libraries that could not be fetched. */
  get missing(): readonly Library[] {
    return this.#missing;
  }
  /** Asks again for those that are missing. */
  retry(): void {
    if (this.#sandbox && this.#missing.length > 0) void this.#bring(this.#sandbox, this.#wanted);
  }
  open(sandbox: Sandbox): void {
    this.#brought.clear();
    this.#missing = [];
    this.#sandbox = sandbox;
  }
  close(): void {
    this.#sandbox = undefined;
  }
  /** What cells read now. A library that was named once stays. */
  follow(inputs: ReadonlySet<string>): void {
    const wanted = (['Plot', 'd3'] as const).filter(
      (name) => inputs.has(name) || this.#wanted.includes(name),
    );
    if (wanted.length > this.#wanted.length) this.#wanted = wanted;
  }

  async #bring(sandbox: Sandbox, wanted: readonly Library[]): Promise<void> {
    const absent = wanted.filter((name) => !this.#brought.has(name));
    const [first] = absent;
    if (!first) return;
    for (const name of absent) this.#brought.add(name);
    this.#missing = this.#missing.filter((name) => !absent.includes(name));
    try {
      const { default: code } = await (absent.length > 1 ? BOTH : LIBRARIES[first])();
      sandbox.send({ say: 'library', code });
    } catch {
      // Another sandbox has asked for its own meanwhile.
      if (sandbox !== this.#sandbox) return;
      for (const name of absent) this.#brought.delete(name);
      this.#missing = [...this.#missing, ...absent];
    }
  }
}
