import { textInputOf } from '#lib/models/words.ts';
import type { Variant } from '#lib/models/registry.ts';
import { parseSafetensors } from '#lib/weights/safetensors.ts';
import { shapeText } from '#lib/weights/source.ts';
import type { Tokenizer } from '#lib/text/tokenizer.ts';
import { readBytes } from './files.ts';
import type { Target } from './target.ts';
import { UsageError } from './usage.ts';

export interface TextOptions {
  readonly input?: string | undefined;
  readonly text?: readonly string[] | undefined;
}

/** The texts that a model reads: as many as the variant says. */
export interface Texts {
  /** The input that they are fed to. */
  readonly name: string;
  /** Rows of ids, flat. */
  readonly ids: Float32Array;
  /** What they are called in results: the words themselves, or their numbers in a file. */
  readonly labels: readonly string[];
  readonly variant: Variant;
}

/**
 * The texts of `--text`, else the rows of the input file; undefined for a model that reads none.
 * @param note hears of a text that is cut
 * @throws UsageError without texts, for a model without a tokenizer, and for rows of another length
 */
export function textsOf(
  target: Target,
  options: TextOptions,
  note: (line: string) => void,
): Texts | undefined {
  const input = textInputOf(target.of);
  const { text = [] } = options;
  if (!input) {
    if (text.length > 0) throw new UsageError(`--text says nothing to ${target.name}, which reads no texts`);
    return undefined;
  }
  const { name, texts, shape } = input;
  const of = (ids: Float32Array, labels: readonly string[]): Texts => ({
    name,
    ids,
    labels,
    variant: { [texts.field]: labels.length },
  });
  if (text.length > 0) {
    const rows = encoded(target, text, note);
    return of(
      Float32Array.from(rows.flat()),
      text.map((words) => words || '""'),
    );
  }
  const file =
    options.input === undefined ? undefined : parseSafetensors(readBytes(options.input), options.input);
  const stored = file?.get(name)?.shape;
  if (!file || !stored) {
    throw new UsageError(
      `${target.name} reads texts: give --text WORDS, again for each, or a tensor ${name} in the --input file`,
    );
  }
  const [rows = 0, length] = stored;
  if (stored.length !== 2 || length !== shape[1] || rows < 1) {
    const right = shapeText(['n', shape[1]!]);
    throw new UsageError(
      `${options.input}, tensor "${name}": its shape is ${shapeText(stored)}, not ${right}`,
    );
  }
  const labels = Array.from({ length: rows }, (_, i) => String(i));
  return of(file.float32(name), labels);
}

/** A row of ids for each text. */
function encoded(
  target: Target,
  texts: readonly string[],
  note: (line: string) => void,
): (readonly number[])[] {
  const tokenizer: Tokenizer | undefined = target.tokenizer?.();
  if (!tokenizer) {
    const { name } = target;
    throw new UsageError(`${name} has no tokenizer beside it; give a model folder, or ids with --input`);
  }
  return texts.map((text) => {
    const { ids, cut } = tokenizer.encode(text);
    if (cut)
      note(
        `"${text.slice(0, 40)}…" is longer than a row of ${tokenizer.context} tokens; its end is not read`,
      );
    return ids;
  });
}
