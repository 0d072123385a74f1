import { Fault } from '#lib/base/errors.ts';
import type { ModelConfig } from '#lib/models/model-config.ts';
import { tokenizerFor } from '#lib/models/words.ts';
import type { Tokenizer } from '#lib/text/tokenizer.ts';
import { fetchText } from './fetch-text.ts';

/**
 * Fetches and checks the tokenizer that a model's config.json names.
 * Throws Fault: `model-missing`, `offline`, `download-failed`, `config-invalid`.
 */
export async function fetchTokenizer(
  folder: string,
  config: ModelConfig,
  fetch = globalThis.fetch,
): Promise<Tokenizer> {
  const name = config.tokenizer?.file;
  if (!name)
    throw new Fault('config-invalid', {
      file: `${config.name}/config.json`,
      field: 'tokenizer',
      rule: 'is missing',
    });
  const { text, file } = await fetchText(folder, name, fetch);
  return tokenizerFor(config, text, file);
}
