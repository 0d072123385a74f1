/** An error whose message is for the reader, in both languages. */
export class SaidError extends Error {
  readonly zh: string;
  constructor(en: string, zh: string, options?: ErrorOptions) {
    super(en, options);
    this.zh = zh;
  }
}
