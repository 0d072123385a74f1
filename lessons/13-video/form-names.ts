import type { Text } from '#lib/base/lang.ts';
import type { Form } from '#lib/models/vivit/config.ts';

/** The four ways by short names. */
export const FORM_NAMES: Readonly<Record<Form, Text>> = {
  joint: { en: 'all together', zh: '时空联合' },
  'factorised-encoder': { en: 'two encoders', zh: '两个编码器' },
  'factorised-self-attention': { en: 'space, then time', zh: '先空间后时间' },
  'factorised-dot-product': { en: 'heads divided', zh: '按头分工' },
};

/** What each does, in a sentence. */
export const FORM_SAYS: Readonly<Record<Form, Text>> = {
  joint: {
    en: 'Model 1: every token of the clip looks at every other, in every block.',
    zh: '模型 1：在每一层里，每个词元都能看到视频的所有词元。',
  },
  'factorised-encoder': {
    en: 'Model 2: one encoder works on each time by itself; a second, short one on the class tokens of the times.',
    zh: '模型 2：第一个编码器分别处理每个时刻，第二个较浅的编码器处理各时刻的分类词元。',
  },
  'factorised-self-attention': {
    en: 'Model 3: each block attends twice, first within each time, then at each place over the times.',
    zh: '模型 3：每一层做两次注意力，先在同一时刻之内，再在同一位置的各时刻之间。',
  },
  'factorised-dot-product': {
    en: 'Model 4: half of the heads look within their time, the other half at their place over the times.',
    zh: '模型 4：一半的头在同一时刻之内看，另一半的头在同一位置的各时刻之间看。',
  },
};
