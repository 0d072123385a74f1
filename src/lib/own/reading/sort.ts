import { WeightsError } from '#lib/weights/source.ts';
import type { Text } from '#lib/base/lang.ts';

/** A file of the reader's, as far as its name tells. */
export interface Named {
  readonly name: string;
}

/** Files that were chosen together, by what each is for. */
export interface Sorted<F extends Named> {
  /** The file to open: the weights, or the index of several of them. */
  readonly main: F;
  /** Files that an index may name. */
  readonly beside: ReadonlyMap<string, F>;
  readonly config?: F;
  readonly preprocessor?: F;
}

const DESCRIBES = /^(config|preprocessor_config|tokenizer(_config)?|special_tokens_map|metrics|vocab)\.json$/;
const INDEX = /\.index\.json$/;
/** What lies beside weights in folders, and is none. */
const IDLE = /\.(md|txt|ya?ml|gitattributes|svg|png|jpe?g|webp)$|^\./i;

const NONE: Text = {
  en: 'what was chosen describes a model and holds no weights; choose the file with the weights as well (.safetensors, .pth, .bin, .npz)',
  zh: '这里只有对模型的描述，不含权重；请把权重文件（.safetensors、.pth、.bin、.npz）也一起选上',
};
const several = (names: readonly string[]): Text => {
  const some = names.slice(0, 3).join(', ');
  return {
    en: `${names.length} files with weights were chosen (${some}); choose one model at a time, or the files of one model with its index (….safetensors.index.json)`,
    zh: `选了 ${names.length} 个权重文件（${some}）；请一次只选一个模型，若一个模型分成几个文件，请连同索引（….safetensors.index.json）一起选`,
  };
};

/**
 * Which of the chosen files holds the weights, and what the others are for. A single file is opened whatever its name, unless
 * that is one of a description.
 * @throws WeightsError for no weights, and for more than one model
 */
export function sortFiles<F extends Named>(files: readonly F[]): Sorted<F> {
  const [only] = files;
  if (files.length === 1 && only && !DESCRIBES.test(only.name)) return { main: only, beside: new Map() };
  const named = (name: string) => files.find((file) => file.name.toLowerCase() === name);
  const config = named('config.json');
  const preprocessor = named('preprocessor_config.json');
  const rest = files.filter(({ name }) => !DESCRIBES.test(name) && !IDLE.test(name));
  const index = rest.find(({ name }) => INDEX.test(name));
  const weights = rest.filter((file) => file !== index);
  const main = index ?? weights[0];
  if (!main) throw new WeightsError(NONE, { file: files.map(({ name }) => name).join(', ') });
  if (!index && weights.length > 1) throw new WeightsError(several(weights.map(({ name }) => name)));
  return {
    main,
    beside: new Map(index ? weights.map((file) => [file.name, file]) : []),
    ...(config && { config }),
    ...(preprocessor && { preprocessor }),
  };
}
