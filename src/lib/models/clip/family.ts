import type { Family, InputSpec } from '../family.ts';
import { baseFields, flag, GELU_OF_THREE, MLP_RATIO, number } from '../shared/fields.ts';
import { pictureInput } from '../shared/inputs.ts';
import { checkClip, CLIP_DEFAULTS, CLIP_OPTIONAL, wholeConfig, type CLIPConfig } from './config.ts';
import { clip, PICTURE, TOKENS } from './graph.ts';
import { clipPresets } from './presets.ts';

/** Texts, one row of ids each. */
function textInput(c: CLIPConfig): InputSpec {
  const { texts, end } = wholeConfig(c);
  return {
    name: TOKENS,
    role: 'token',
    shape: [texts, c.context],
    dims: ['S', 'T'],
    texts: { field: 'texts', vocabulary: c.vocabulary, end },
  };
}

/** CLIP (Radford et al. 2021): a picture tower and a text tower that end in one space. It has no interventions. */
export const FAMILY: Family<CLIPConfig> = {
  id: 'clip',
  title: { en: 'CLIP', zh: 'CLIP（图文对比预训练）' },
  order: 6,
  presets: clipPresets,
  unpublished: ['clip-ti-8-64'],
  groups: { clip: 'CLIP' },
  defaults: CLIP_DEFAULTS,
  optional: CLIP_OPTIONAL,
  fields: [
    ...baseFields(),
    MLP_RATIO,
    number('embed', 'Dimensions of the common space', '共同空间的维数', 16, 1024, 16),
    number('context', 'Tokens of a text', '每段文本的词元数', 3, 128),
    number('vocabulary', 'Tokens of the vocabulary', '词表大小', 1000, 50_000, 1000),
    number('textDim', 'Width of the text tower', '文本塔宽度', 64, 1024, 64),
    number('textDepth', 'Blocks of the text tower', '文本塔层数', 1, 24),
    number('textHeads', 'Heads of the text tower', '文本塔注意力头数', 1, 16),
    GELU_OF_THREE,
    flag('preNorm', 'LayerNorm before the picture’s blocks', '图像塔第 0 层之前的层归一化'),
    flag('clsPosition', 'CLS has a position too', 'CLS 也加位置编码'),
  ],
  check: checkClip,
  build: clip,
  textFeatures: 'text.last_hidden_state',
  inputs: (c) => [{ ...pictureInput('picture', c), name: PICTURE }, textInput(c)],
  variants: {
    fields: ['texts'],
    offered: () => [],
    adapt: (weights, config, variant) => {
      const changed = { ...config, ...variant };
      checkClip(changed);
      return { config: changed, weights };
    },
  },
  feed(c, { picture, tokens }) {
    const { texts } = wholeConfig(c);
    if (!picture || tokens?.length !== texts) return undefined;
    return { [PICTURE]: picture, [TOKENS]: Float32Array.from(tokens.flat()) };
  },
  answer: () => ({ kind: 'texts', logits: 'logits', probs: 'probs', input: TOKENS }),
  answers: () => ['logits', 'probs'],
};
