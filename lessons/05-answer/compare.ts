import type { Text } from '#lib/base/lang.ts';

/** One blank of the table: the choices, and which of them is right for each model. */
export interface BertRow {
  readonly id: string;
  readonly title: Text;
  readonly options: readonly { readonly id: string; readonly text: Text }[];
  readonly vit: string;
  readonly bert: string;
  readonly why: Text;
}

type Words = readonly [en: string, zh: string];
const text = ([en, zh]: Words): Text => ({ en, zh });
const bertRow = (
  id: string,
  title: Words,
  vit: string,
  bert: string,
  why: Words,
  options: Readonly<Record<string, Words>>,
): BertRow => ({
  id,
  title: text(title),
  options: Object.entries(options).map(([option, words]) => ({ id: option, text: text(words) })),
  vit,
  bert,
  why: text(why),
});

/**
 * ViT against BERT. ViT: Dosovitskiy et al. 2021 §3.1. BERT: Devlin et al. 2019 §3, §3.1, A.1, and its released code
 * (LayerNorm after each addition).
 */
export const BERT_ROWS: readonly BertRow[] = [
  bertRow(
    'token',
    ['A token starts as', '词元的来源'],
    'patch',
    'row',
    [
      'A picture has no list of words, so its tokens are computed; a word piece is looked up.',
      '图片没有词表，词元只能算出来；子词则是查表得到的。',
    ],
    {
      patch: ['a patch times a matrix', '图像块乘一个矩阵'],
      row: ['a row of a table of words', '词表里的一行'],
      pixel: ['one pixel', '一个像素'],
    },
  ),
  bertRow(
    'cls',
    ['CLS stands', 'CLS 的位置'],
    'first',
    'first',
    ['ViT took it from BERT. In both it is prepended.', 'ViT 正是从 BERT 学来的。两者都放在最前面。'],
    {
      first: ['first, at index 0', '最前面，编号 0'],
      last: ['last', '最后面'],
      none: ['nowhere: there is none', '没有 CLS'],
    },
  ),
  bertRow(
    'positions',
    ['Positions', '位置编码'],
    'learned',
    'learned',
    [
      'BERT adds a third table as well, which tells the first sentence from the second.',
      'BERT 还另加一张表，用来区分前后两句话。',
    ],
    {
      learned: ['a learned table, added once', '可学习的表，只加一次'],
      every: ['added in every layer', '每一层都加'],
      none: ['none', '没有'],
    },
  ),
  bertRow(
    'mask',
    ['A token may look at', '词元可以看'],
    'all',
    'all',
    [
      'Both are encoders. Only a model that writes from left to right hides what comes later.',
      '两者都是编码器。只有从左往右写的模型才要遮住后面的内容。',
    ],
    {
      all: ['every token', '所有词元'],
      before: ['the tokens before it', '它之前的词元'],
      near: ['its neighbours', '相邻的词元'],
    },
  ),
  bertRow(
    'norm',
    ['LayerNorm comes', '层归一化放在'],
    'pre',
    'post',
    [
      'So ViT needs one more LayerNorm before the head, and BERT does not.',
      '所以 ViT 在分类头之前还要一次层归一化，BERT 不用。',
    ],
    {
      pre: ['before each branch', '每个分支之前'],
      post: ['after each addition', '每次相加之后'],
    },
  ),
  bertRow(
    'objective',
    ['It was trained to', '训练目标'],
    'class',
    'masked',
    [
      'BERT needs no labels: 15 % of the word pieces are chosen to be guessed, and it also judges whether two sentences belong together. Hiding patches instead gives MAE.',
      'BERT 不需要标签：挑出 15 % 的子词来猜，同时判断两句话是否相连。若改为遮住图像块，就是 MAE。',
    ],
    {
      class: ['name the picture’s class', '说出图片的类别'],
      masked: ['guess words that were hidden', '猜出被遮住的词'],
      next: ['write the next token', '写出下一个词元'],
    },
  ),
];

/** One line of the table of ViT and DETR (Carion et al. 2020 §3, A.3, and its released code). */
export interface DetrRow {
  readonly title: Text;
  readonly vit: Text;
  readonly detr: Text;
}

const detrRow = (title: Words, vit: Words, detr: Words): DetrRow => ({
  title: text(title),
  vit: text(vit),
  detr: text(detr),
});

export const DETR_ROWS: readonly DetrRow[] = [
  detrRow(
    ['reads', '读入'],
    ['patches of the picture', '图片的图像块'],
    ['features of a CNN (ResNet-50)', 'CNN（ResNet-50）的特征'],
  ),
  detrRow(
    ['parts', '组成'],
    ['encoder only', '只有编码器'],
    ['encoder and decoder, 6 + 6 layers', '编码器加解码器，6 + 6 层'],
  ),
  detrRow(
    ['LayerNorm', '层归一化'],
    ['before each branch (pre-norm)', '每个分支之前（pre-norm）'],
    ['after each addition (post-norm)', '每次相加之后（post-norm）'],
  ),
  detrRow(
    ['positions', '位置编码'],
    ['added once, before block 0', '只加一次，在第 0 层之前'],
    [
      'fixed sines, added to queries and keys in every layer; those of the decoder’s queries are learned',
      '固定的正弦，每一层都加到查询和键上；解码器各查询的位置编码通过学习得到',
    ],
  ),
  detrRow(
    ['answers', '输出'],
    ['one class, from CLS', '一个类别，出自 CLS'],
    [
      '100 boxes with classes, from 100 queries; with a mask head also segments',
      '100 个带类别的框，出自 100 个查询；加上掩膜头，还可以作分割',
    ],
  ),
  detrRow(
    ['loss', '损失'],
    ['cross-entropy of one label', '单个标签的交叉熵'],
    ['of a set: boxes are first matched to objects (Hungarian)', '集合损失：先用匈牙利算法把框与物体配对'],
  ),
];
