import type { Text } from '#lib/base/lang.ts';
import type { House } from '../house.ts';
import type { Plain } from '../messages.ts';

/** Most times a second that cells may set the page's state. */
const MOST_SETS = 40;
/** Most changes that can be taken back. */
const MOST_BEFORE = 50;

/** What cells set of the page's state: not too often, and taken back one after another. */
export class Settings {
  readonly #house: House;
  /** When cells have set the state within the last second. */
  #sets: readonly number[] = [];
  /** States before those that cells have set, oldest first. */
  #before = $state.raw<readonly Readonly<Record<string, Plain>>[]>([]);

  constructor(house: House) {
    this.#house = house;
  }

  /** Whether a cell has set the page's state, so that it can be undone. */
  get canUndo(): boolean {
    return this.#before.length > 0;
  }
  /** Takes back what a cell set last. */
  undo(): void {
    const last = this.#before.at(-1);
    this.#before = this.#before.slice(0, -1);
    if (last) this.#house.set(last);
  }
  /** Sets fields for a cell. Returns a sentence where that is refused. */
  set(changes: Readonly<Record<string, Plain>>): Text | undefined {
    const now = performance.now();
    this.#sets = [...this.#sets.filter((then) => now - then < 1_000), now];
    if (this.#sets.length > MOST_SETS)
      return {
        en: `Cells have set the page’s state more than ${MOST_SETS} times in a second. A cell that reads what it sets runs again and again.`,
        zh: `单元在一秒内改动页面的设置超过了 ${MOST_SETS} 次。一个单元如果读取它自己改动的字段，就会反复运行。`,
      };
    const fields = Object.keys(changes);
    const { state } = this.#house;
    const before = Object.fromEntries(
      fields.flatMap((field) => (field in state ? [[field, state[field] ?? null]] : [])),
    );
    const refused = this.#house.set(changes);
    if (refused === undefined) this.#before = [...this.#before, before].slice(-MOST_BEFORE);
    return refused;
  }
}
