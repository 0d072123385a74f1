import { contextOf } from '#lib/diffusion/sampler/text-context.ts';
import type { TextContext } from '#lib/diffusion/sampler/spec.ts';
import type { ModelConfig } from '#lib/models/model-config.ts';
import { familyOf } from '#lib/models/registry.ts';
import { textInputOf } from '#lib/models/words.ts';
import type { ProgramContext } from './program.ts';

/**
 * What a network is told of texts: the features that the part `text` makes of them and of the empty text.
 * @param rows a row of token ids for each text
 * @param empty the empty text's
 * @param reader the network that is told
 */
export async function told(
  { models, call }: Pick<ProgramContext<unknown>, 'models' | 'call'>,
  rows: readonly (readonly number[])[],
  empty: readonly number[],
  reader: ModelConfig,
): Promise<TextContext> {
  const model = models.text!;
  const { name, texts: input } = textInputOf(model)!;
  const all = [...rows, empty];
  const features = familyOf(model.architecture).textFeatures!;
  const { tensors } = await call('text', {
    inputs: { [name]: Float32Array.from(all.flat()) },
    outputs: [features],
    variant: { [input.field]: all.length },
  });
  return contextOf(tensors[0]!, reader);
}
