import type { GlossaryEntry } from '#lib/notebook/types.ts';

const glossary: Record<string, GlossaryEntry> = {
  'u-vit': {
    term: { en: 'U-ViT', zh: 'U-ViT' },
    meaning: {
      en: 'A vision transformer that denoises: time, condition and noisy patches are all tokens, and long skips join the first half of its blocks to the second.',
      zh: '用来去噪的视觉 Transformer：时间、条件和带噪的图像块都是词元，长跳跃连接把前一半的层接到后一半的层。',
    },
  },
  'time-token': {
    term: { en: 'time token', zh: '时间词元（time token）' },
    meaning: {
      en: 'The embedding of the time as one row of the sequence. Every other token can look at it in every block.',
      zh: '时间的嵌入，作为序列中的一行。每个词元在每一层里都可以读取它。',
    },
  },
  'label-token': {
    term: { en: 'label token', zh: '标签词元（label token）' },
    meaning: {
      en: 'A learned row of D numbers for each class, put in front of the sequence. Not the class token of a classifier: it carries the class in, it does not read it out.',
      zh: '每个类别对应一行通过训练得到的 D 个数，放在序列最前面。它与分类网络的分类词元不同：它的作用是输入类别，而不是读出类别。',
    },
  },
  'time-embedding': {
    term: { en: 'time embedding', zh: '时间嵌入（time embedding）' },
    meaning: {
      en: 'Cosines and sines of one number at many frequencies: [cos(τ f), sin(τ f)], from one radian a unit down to about a ten-thousandth.',
      zh: '一个数在许多频率下的余弦和正弦：[cos(τ f), sin(τ f)]，频率从每单位一弧度一直降到约万分之一弧度。',
    },
  },
  'long-skip': {
    term: { en: 'long skip', zh: '长跳跃连接（long skip connection）' },
    meaning: {
      en: 'A path from the output of a block in the first half straight to its partner in the second. The residual connection inside a block is a short one.',
      zh: '从前一半中一层的输出，直接通到后一半中与它配对的层。一层之内的残差连接则是短的跳跃连接。',
    },
  },
  gate: {
    term: { en: 'gate', zh: '门控系数（gate）' },
    meaning: {
      en: 'A factor from 0 to 1 by which a tensor is multiplied, so that a path can be closed without changing any weight.',
      zh: '乘在张量上的系数，可以在不改变其他权重的情况下关闭一条通路。',
    },
  },
  'null-class': {
    term: { en: 'no class', zh: '无类别（null class）' },
    meaning: {
      en: 'One more row of the label table that stands for “no class given”. It is seen now and then in training, so that the model can also paint without a class.',
      zh: '类别表中另加的一行，表示“没有给出类别”。训练中有时会用到它，所以模型也能在没有类别时生成图片。',
    },
  },
  'u-net': {
    term: { en: 'U-Net', zh: 'U-Net' },
    meaning: {
      en: 'A convolutional network that halves the picture again and again, doubles it again, and joins both ways at every size by skips.',
      zh: '一种卷积网络：把特征图逐级缩小一半，再逐级放大，在每个尺寸上用跳跃连接把两侧接起来。',
    },
  },
};

export default glossary;
