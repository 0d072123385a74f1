/** One command of the command line. */
export interface Command {
  readonly name: string;
  /** For the list of commands, a few words. */
  readonly summary: string;
  readonly help: string;
  /** @param args what stands after the command's name */
  run(args: readonly string[]): Promise<void>;
}
