import { Fault } from '#lib/base/errors.ts';
import { parseTokenizer, type Tokenizer } from '#lib/text/tokenizer.ts';
import { inputWith, type Blueprint } from './registry.ts';

/** The input that a network reads texts through, with what is said of them; undefined for one that reads none. */
export function textInputOf(of: Blueprint) {
  const input = inputWith(of, 'token');
  return input?.texts && { ...input, texts: input.texts };
}

/**
 * A model's tokenizer, of the file beside it.
 * @param json the file's text
 * @throws Fault with the code `config-invalid` for a damaged file, and for one of another model: with other rows, another
 *   vocabulary, or another end
 */
export function tokenizerFor(of: Blueprint, json: string, file: string): Tokenizer {
  const tokenizer = parseTokenizer(json, file);
  const input = textInputOf(of);
  const [context, size, end] = [input?.shape[1], input?.texts.vocabulary, input?.texts.end];
  const rows = tokenizer.encode('').ids;
  if (context !== tokenizer.context || size !== tokenizer.size || rows[1] !== end) {
    const rule = `has rows of ${tokenizer.context} and ${tokenizer.size} tokens, the model ${context} and ${size}`;
    throw new Fault('config-invalid', { file, field: '', rule });
  }
  return tokenizer;
}
