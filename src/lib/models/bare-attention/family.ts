import type { Family, InputSpec } from '../family.ts';
import { choice, number } from '../shared/fields.ts';
import {
  attentionSizes,
  ATTENTION_DEFAULTS,
  checkAttention,
  type AttentionConfig,
  type Kind,
} from './config.ts';
import { attentionKind } from './graph.ts';

const at = (grid: number, kind: Kind): AttentionConfig => ({ ...ATTENTION_DEFAULTS, grid, kind });

const given = (name: 'q' | 'k' | 'v', c: AttentionConfig): InputSpec => ({
  name,
  role: 'embedding',
  shape: [1, c.heads, attentionSizes(c).tokens, c.headDim],
  dims: ['B', 'h', 'N', 'd'],
});

/** One attention without weights, of several kinds, on queries, keys and values that another network made. */
export const FAMILY: Family<AttentionConfig> = {
  id: 'bare-attention',
  title: { en: 'Attention alone', zh: '单独的注意力' },
  order: 7,
  presets: {
    'attention-global-784': at(28, 'global'),
    'attention-window-784': at(28, 'window'),
    'attention-shifted-784': at(28, 'shifted-window'),
    'attention-linear-784': at(28, 'linear'),
  },
  groups: { attention: 'Attention alone' },
  defaults: ATTENTION_DEFAULTS,
  fields: [
    number('grid', 'Side of the grid, tokens', '网格边长（词元数）', 4, 112),
    number('heads', 'Heads', '注意力头数', 1, 24),
    number('headDim', 'Width d of a head', '每个头的宽度 d', 8, 128, 8),
    choice('kind', 'Kind', '种类', {
      global: ['over all tokens', '全局'],
      window: ['windows', '窗口'],
      'shifted-window': ['shifted windows', '移位窗口'],
      linear: ['linear (ReLU)', '线性（ReLU）'],
      'linear-quadratic': ['linear, queries × keys first', '线性，先算查询与键的乘积'],
    }),
    number('window', 'Side of a window, tokens', '窗口边长（词元数）', 1, 28),
  ],
  check: checkAttention,
  build: attentionKind,
  inputs: (c) => [given('q', c), given('k', c), given('v', c)],
  variants: {
    fields: ['grid', 'window'],
    offered: () => [],
    adapt: (weights, config, variant) => {
      const changed = { ...config, ...variant };
      checkAttention(changed);
      return { config: changed, weights };
    },
  },
  feed: () => undefined,
  answer: () => ({ kind: 'features', tensor: 'out' }),
  answers: () => ['out'],
};
