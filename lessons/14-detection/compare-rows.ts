import type { Text } from '#lib/base/lang.ts';
import { VIT_DEFAULTS } from '#lib/models/vit/config.ts';
import { detrPresets } from '#lib/models/detr/presets.ts';
import { DETR_DEFAULTS } from '#lib/models/detr/config.ts';
import { YOLOS_DEFAULTS } from '#lib/models/yolos/config.ts';
import type { Column } from './compare-networks.ts';
import { CONFIG } from './model.ts';
import type { StemName } from './state.ts';

/** What a network has of a row: words, and the tensor that shows it. */
interface Entry {
  readonly text: Text;
  readonly tensor?: string;
}
/** A row of the table. */
export interface CompareRow {
  readonly id: string;
  readonly title: Text;
  readonly of: Readonly<Record<Column, Entry>>;
}

const say = (en: string, zh: string, tensor?: string): Entry => ({
  text: { en, zh },
  ...(tensor !== undefined && { tensor }),
});
const V = VIT_DEFAULTS;
const R = { ...DETR_DEFAULTS, ...detrPresets['detr-r50'] };
const Y = YOLOS_DEFAULTS;
const C = CONFIG;
const LAST = C.decoderDepth - 1;

/** The rows of the table of networks; those of the page’s own network depend on its stem. */
export function compareRows(stem: StemName): readonly CompareRow[] {
  const [enStem, zhStem, tensor] =
    stem === 'cnn'
      ? [
          `${Math.log2(C.stride)} small convolutions`,
          `${Math.log2(C.stride)} 个小卷积`,
          `backbone.stem.${Math.log2(C.stride) - 1}`,
        ]
      : [
          `one linear map of each patch of ${C.stride} × ${C.stride} pixels`,
          `对每个 ${C.stride} × ${C.stride} 像素的图像块做一次线性映射`,
          'backbone.patch_embed',
        ];
  return [
    {
      id: 'input',
      title: { en: 'picture', zh: '图片' },
      of: {
        vit: say('a square one of a fixed size', '固定大小的方形图片', 'x'),
        detr: say('of any size', '任意大小', 'x'),
        yolos: say('of any size, once positions are resized', '调整位置编码之后，任意大小', 'x'),
        here: say('a small square one', '小的方形图片', 'x'),
      },
    },
    {
      id: 'backbone',
      title: { en: 'what makes the tokens', zh: '词元的来源' },
      of: {
        vit: say(
          `one linear map of each patch of ${V.patch} × ${V.patch} pixels`,
          `对每个 ${V.patch} × ${V.patch} 像素的图像块做一次线性映射`,
          'patch_embed',
        ),
        detr: say(
          'a ResNet-50, then a convolution of 1 × 1',
          'ResNet-50，再接 1 × 1 卷积',
          'backbone.0.body.layer4.2',
        ),
        yolos: say(
          `one linear map of each patch of ${Y.patch} × ${Y.patch} pixels`,
          `对每个 ${Y.patch} × ${Y.patch} 像素的图像块做一次线性映射`,
          'patch_embed',
        ),
        here: say(enStem, zhStem, tensor),
      },
    },
    {
      id: 'tokens',
      title: { en: 'tokens', zh: '词元' },
      of: {
        vit: say('patches, and a class token before them', '图像块，前面有一个分类词元', 'tokens'),
        detr: say('the places of the feature map', '特征图的各个位置', 'tokens'),
        yolos: say(
          'patches, a class token, and detection tokens after them',
          '分类词元、图像块，后面还有检测词元',
          'tokens',
        ),
        here: say('the places of the map', '特征图的各个位置', 'tokens'),
      },
    },
    {
      id: 'positions',
      title: { en: 'positions', zh: '位置编码' },
      of: {
        vit: say('learned, added once at the input', '学到的，在输入处加一次', 'tokens'),
        detr: say(
          'fixed sines, added in every layer to queries and keys',
          '固定的正余弦，每层都加到查询和键上',
          'transformer.encoder.layers.0.with_pos',
        ),
        yolos: say(
          'learned, added at the input and after each block but the last',
          '学到的，在输入处以及除最后一层外的每层之后相加',
          'blocks.0',
        ),
        here: say(
          'fixed sines as in DETR, and once at the input',
          '与 DETR 相同的固定正余弦，在输入处也加一次',
          'tokens.with_pos',
        ),
      },
    },
    {
      id: 'halves',
      title: { en: 'encoder, decoder', zh: '编码器和解码器' },
      of: {
        vit: say(`an encoder of ${V.depth} blocks`, `${V.depth} 层的编码器`, `blocks.${V.depth - 1}`),
        detr: say(
          `an encoder of ${R.encoderDepth} layers, a decoder of ${R.decoderDepth}`,
          `${R.encoderDepth} 层的编码器，${R.decoderDepth} 层的解码器`,
          'memory',
        ),
        yolos: say(`an encoder of ${Y.depth} blocks`, `${Y.depth} 层的编码器`, `blocks.${Y.depth - 1}`),
        here: say(
          `an encoder of ${C.encoderDepth} layers, a decoder of ${C.decoderDepth}`,
          `${C.encoderDepth} 层的编码器，${C.decoderDepth} 层的解码器`,
          'memory',
        ),
      },
    },
    {
      id: 'looks',
      title: { en: 'who looks at the picture', zh: '谁来看图片' },
      of: {
        vit: say(
          'all tokens at all, the class token among them',
          '所有词元互相看，分类词元也在其中',
          `blocks.${V.depth - 1}.attn.probs`,
        ),
        detr: say(
          'the queries, by cross-attention',
          '查询，通过交叉注意力',
          `transformer.decoder.layers.${R.decoderDepth - 1}.multihead_attn.probs`,
        ),
        yolos: say(
          'all tokens at all, the detection tokens among them',
          '所有词元互相看，检测词元也在其中',
          `blocks.${Y.depth - 1}.attn.probs`,
        ),
        here: say(
          'the queries, by cross-attention',
          '查询，通过交叉注意力',
          `transformer.decoder.layers.${LAST}.multihead_attn.probs`,
        ),
      },
    },
    {
      id: 'norm',
      title: { en: 'LayerNorm', zh: '层归一化' },
      of: {
        vit: say('before each branch (pre-norm)', '在每个分支之前（pre-norm）', 'blocks.0.norm1'),
        detr: say(
          'after each sum (post-norm)',
          '在每次相加之后（post-norm）',
          'transformer.encoder.layers.0.norm1',
        ),
        yolos: say('before each branch (pre-norm)', '在每个分支之前（pre-norm）', 'blocks.0.norm1'),
        here: say(
          'after each sum (post-norm)',
          '在每次相加之后（post-norm）',
          'transformer.encoder.layers.0.norm1',
        ),
      },
    },
    {
      id: 'reads',
      title: { en: 'what is read', zh: '从哪里读出答案' },
      of: {
        vit: say('the class token', '分类词元', 'pooled'),
        detr: say(
          `all ${R.queries} queries`,
          `全部 ${R.queries} 个查询`,
          `transformer.decoder.norm.${R.decoderDepth - 1}`,
        ),
        yolos: say(`all ${Y.queries} detection tokens`, `全部 ${Y.queries} 个检测词元`, 'found'),
        here: say(`all ${C.queries} queries`, `全部 ${C.queries} 个查询`, `transformer.decoder.norm.${LAST}`),
      },
    },
    {
      id: 'classes',
      title: { en: 'classes', zh: '类别' },
      of: {
        vit: say(`one answer of ${V.classes} classes`, `一个答案，${V.classes} 个类别`, 'logits'),
        detr: say(
          `from each query one of ${R.classes} classes or “no object”`,
          `每个查询给出 ${R.classes} 个类别之一，或“无物体”`,
          'logits',
        ),
        yolos: say(
          `from each token one of ${Y.classes} classes or “no object”`,
          `每个检测词元给出 ${Y.classes} 个类别之一，或“无物体”`,
          'logits',
        ),
        here: say(
          `from each query one of ${C.classes} classes or “no object”`,
          `每个查询给出 ${C.classes} 个类别之一，或“无物体”`,
          'logits',
        ),
      },
    },
    {
      id: 'boxes',
      title: { en: 'boxes', zh: '边界框' },
      of: {
        vit: say('none', '没有'),
        detr: say('one from each query', '每个查询一个', 'boxes'),
        yolos: say('one from each detection token', '每个检测词元一个', 'boxes'),
        here: say('one from each query', '每个查询一个', 'boxes'),
      },
    },
    {
      id: 'learns',
      title: { en: 'what it learns from', zh: '学习的依据' },
      of: {
        vit: say('one label: cross-entropy', '一个标签：交叉熵', 'probs'),
        detr: say(
          'a set: matching, then the loss of each pair',
          '一个集合：先匹配，再算每一对的损失',
          'probs',
        ),
        yolos: say('a set, as in DETR', '一个集合，与 DETR 相同', 'probs'),
        here: say('a set, as in DETR', '一个集合，与 DETR 相同', 'probs'),
      },
    },
  ];
}
