import type { Text } from '#lib/base/lang.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { TextTokens } from '#lib/live/text-tokens.svelte.ts';
import type { ModelConfig } from '#lib/models/model-config.ts';
import { inputsOf } from '#lib/models/registry.ts';

/** Most texts of one pass. */
const MOST_TEXTS = 64;

/** The texts that a cell gives a model, as the model reads them. */
export interface ReadTexts {
  /** The field of the configuration that says how many there are, set to it. */
  readonly variant: Readonly<Record<string, number>>;
  /** The input that takes them. */
  readonly input: string;
  readonly rows: readonly (readonly number[])[];
}

const tokens = new WeakMap<LiveModel, TextTokens>();

/**
 * @param texts a text or a list of them; without any the empty text
 * @returns undefined for a model that reads no texts; a sentence where the texts cannot be read
 */
export async function readTexts(
  config: ModelConfig,
  live: LiveModel,
  texts: unknown,
): Promise<ReadTexts | Text | undefined> {
  const input = inputsOf(config).find((one) => one.texts);
  if (!input?.texts)
    return texts === undefined
      ? undefined
      : { en: `${config.name} reads no texts.`, zh: `${config.name} 不读文字。` };
  const list = (Array.isArray(texts) ? texts : [texts ?? '']).map((text) => String(text).slice(0, 1_000));
  if (list.length === 0 || list.length > MOST_TEXTS)
    return {
      en: `${config.name} takes 1 to ${MOST_TEXTS} texts at once, not ${list.length}.`,
      zh: `${config.name} 一次读 1 到 ${MOST_TEXTS} 段文字，这里有 ${list.length} 段。`,
    };
  const known = tokens.get(live) ?? new TextTokens(live);
  tokens.set(live, known);
  await known.load();
  const rows = known.rows(list)?.map(({ ids }) => ids);
  if (!rows)
    return {
      en: 'The vocabulary of the model could not be fetched. Run the cell again.',
      zh: '没能取到模型的词表。请再次运行这个单元。',
    };
  return { variant: { [input.texts.field]: list.length }, input: input.name, rows };
}
