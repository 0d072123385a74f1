/** Which texts are wanted, and by how many. */
export class WantedTexts {
  readonly #count = new Map<string, number>();

  get size(): number {
    return this.#count.size;
  }
  has(text: string): boolean {
    return this.#count.has(text);
  }
  add(texts: readonly string[]): void {
    for (const text of texts) this.#count.set(text, (this.#count.get(text) ?? 0) + 1);
  }
  /** Takes one wish for each back. */
  remove(texts: readonly string[]): void {
    for (const text of texts) {
      const left = (this.#count.get(text) ?? 1) - 1;
      if (left > 0) this.#count.set(text, left);
      else this.#count.delete(text);
    }
  }
  /** The first `count` that are not known yet, in the order in which they were wished for. */
  missing(known: (text: string) => boolean, count: number): readonly string[] {
    return [...this.#count.keys()].filter((text) => !known(text)).slice(0, count);
  }
}
