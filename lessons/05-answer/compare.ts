import type { Text } from '../../src/lib/i18n/index.ts';

/** One blank of the table: the choices, and which of them is right for each model. */
export interface BertRow {
  readonly id: string;
  readonly title: Text;
  readonly options: readonly { readonly id: string; readonly text: Text }[];
  readonly vit: string;
  readonly bert: string;
  readonly why: Text;
}

/**
 * ViT against BERT. ViT: Dosovitskiy et al. 2021 §3.1, FACTS. BERT: Devlin et al. 2019 §3, §3.1, A.1, and its released
 * code (LayerNorm after each addition).
 */
export const BERT_ROWS: readonly BertRow[] = [
  {
    id: 'token',
    title: { en: 'A token starts as', zh: '词元的来历' },
    options: [
      { id: 'patch', text: { en: 'a patch times a matrix', zh: '图像块乘一个矩阵' } },
      { id: 'row', text: { en: 'a row of a table of words', zh: '词表里的一行' } },
      { id: 'pixel', text: { en: 'one pixel', zh: '一个像素' } },
    ],
    vit: 'patch',
    bert: 'row',
    why: {
      en: 'A picture has no list of words, so its tokens are computed; a word piece is looked up.',
      zh: '图片没有词表，词元只能算出来；子词则是查表得到的。',
    },
  },
  {
    id: 'cls',
    title: { en: 'CLS stands', zh: 'CLS 的位置' },
    options: [
      { id: 'first', text: { en: 'first, at index 0', zh: '最前面，编号 0' } },
      { id: 'last', text: { en: 'last', zh: '最后面' } },
      { id: 'none', text: { en: 'nowhere: there is none', zh: '没有 CLS' } },
    ],
    vit: 'first',
    bert: 'first',
    why: {
      en: 'ViT took it from BERT. In both it is prepended.',
      zh: 'ViT 正是从 BERT 学来的。两者都放在最前面。',
    },
  },
  {
    id: 'positions',
    title: { en: 'Positions', zh: '位置编码' },
    options: [
      { id: 'learned', text: { en: 'a learned table, added once', zh: '可学习的表，只加一次' } },
      { id: 'every', text: { en: 'added in every layer', zh: '每一层都加' } },
      { id: 'none', text: { en: 'none', zh: '没有' } },
    ],
    vit: 'learned',
    bert: 'learned',
    why: {
      en: 'BERT adds a third table as well, which tells the first sentence from the second.',
      zh: 'BERT 还另加一张表，用来区分前后两句话。',
    },
  },
  {
    id: 'mask',
    title: { en: 'A token may look at', zh: '词元可以看' },
    options: [
      { id: 'all', text: { en: 'every token', zh: '所有词元' } },
      { id: 'before', text: { en: 'the tokens before it', zh: '它之前的词元' } },
      { id: 'near', text: { en: 'its neighbours', zh: '相邻的词元' } },
    ],
    vit: 'all',
    bert: 'all',
    why: {
      en: 'Both are encoders. Only a model that writes from left to right hides what comes later.',
      zh: '两者都是编码器。只有从左往右写的模型才要遮住后面的内容。',
    },
  },
  {
    id: 'norm',
    title: { en: 'LayerNorm comes', zh: '层归一化放在' },
    options: [
      { id: 'pre', text: { en: 'before each branch', zh: '每个分支之前' } },
      { id: 'post', text: { en: 'after each addition', zh: '每次相加之后' } },
    ],
    vit: 'pre',
    bert: 'post',
    why: {
      en: 'So ViT needs one more LayerNorm before the head, and BERT does not.',
      zh: '所以 ViT 在分类头之前还要一次层归一化，BERT 不用。',
    },
  },
  {
    id: 'objective',
    title: { en: 'It was trained to', zh: '训练目标' },
    options: [
      { id: 'class', text: { en: 'name the picture’s class', zh: '说出图片的类别' } },
      { id: 'masked', text: { en: 'guess words that were hidden', zh: '猜出被遮住的词' } },
      { id: 'next', text: { en: 'write the next token', zh: '写出下一个词元' } },
    ],
    vit: 'class',
    bert: 'masked',
    why: {
      en: 'BERT needs no labels: 15 % of the word pieces are chosen to be guessed, and it also judges whether two sentences belong together. Hiding patches instead gives MAE.',
      zh: 'BERT 不需要标签：挑出 15% 的子词来猜，同时判断两句话是否相连。若改为遮住图像块，就是 MAE。',
    },
  },
];

/** One line of the table of ViT and DETR: FACTS, correction 4 (Carion et al. 2020 §3, A.3, and its released code). */
export interface DetrRow {
  readonly title: Text;
  readonly vit: Text;
  readonly detr: Text;
}

export const DETR_ROWS: readonly DetrRow[] = [
  {
    title: { en: 'reads', zh: '读入' },
    vit: { en: 'patches of the picture', zh: '图片的图像块' },
    detr: { en: 'features of a CNN (ResNet-50)', zh: 'CNN（ResNet-50）的特征' },
  },
  {
    title: { en: 'parts', zh: '组成' },
    vit: { en: 'encoder only', zh: '只有编码器' },
    detr: { en: 'encoder and decoder, 6 + 6 layers', zh: '编码器加解码器，6 + 6 层' },
  },
  {
    title: { en: 'LayerNorm', zh: '层归一化' },
    vit: { en: 'before each branch (pre-norm)', zh: '分支之前（pre-norm）' },
    detr: { en: 'after each addition (post-norm)', zh: '相加之后（post-norm）' },
  },
  {
    title: { en: 'positions', zh: '位置编码' },
    vit: { en: 'added once, before block 0', zh: '只加一次，在第 0 块之前' },
    detr: { en: 'added to queries and keys in every layer', zh: '每一层都加到查询和键上' },
  },
  {
    title: { en: 'answers', zh: '输出' },
    vit: { en: 'one class, from CLS', zh: '一个类别，出自 CLS' },
    detr: { en: '100 boxes with classes, from 100 queries', zh: '100 个带类别的框，出自 100 个查询' },
  },
  {
    title: { en: 'loss', zh: '损失' },
    vit: { en: 'cross-entropy of one label', zh: '单个标签的交叉熵' },
    detr: {
      en: 'of a set: boxes are first matched to objects (Hungarian)',
      zh: '集合损失：先用匈牙利算法把框与物体配对',
    },
  },
];
