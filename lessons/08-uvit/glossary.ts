import type { GlossaryEntry } from '#lib/notebook/types.ts';

const glossary: Record<string, GlossaryEntry> = {
  'u-vit': {
    term: { en: 'U-ViT', zh: 'U-ViT' },
    meaning: {
      en: 'A vision transformer that denoises: time, condition and noisy patches are all tokens, and long skips join the first half of its blocks to the second.',
      zh: '用来去噪的视觉 Transformer：时间、条件和带噪的图像块都是词元，长跳跃连接把前一半的块接到后一半。',
    },
  },
  'time-token': {
    term: { en: 'time token', zh: '时间词元（time token）' },
    meaning: {
      en: 'The embedding of the time as one row of the sequence. Every other token can look at it in every block.',
      zh: '时间的嵌入，作为序列中的一行。每个词元在每个块里都可以看它。',
    },
  },
  'label-token': {
    term: { en: 'label token', zh: '类别词元（label token）' },
    meaning: {
      en: 'A learned row of D numbers for each class, put in front of the sequence. Not the class token of a classifier: it carries the class in, it does not read it out.',
      zh: '每个类别各有一行学得的 D 个数，放在序列最前面。它与分类器的类别词元不同：是把类别送进去，而不是读出来。',
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
      zh: '从前半部分一个块的输出直接通到后半部分与它配对的块。块内的残差连接则是短的跳跃。',
    },
  },
  gate: {
    term: { en: 'gate', zh: '门控系数（gate）' },
    meaning: {
      en: 'A factor from 0 to 1 by which a tensor is multiplied, so that a path can be closed without changing any weight.',
      zh: '乘在张量上的 0 到 1 之间的系数，不改任何权重就能关上一条通路。',
    },
  },
  'null-class': {
    term: { en: 'no class', zh: '无类别（null class）' },
    meaning: {
      en: 'One more row of the label table that stands for “no class given”. It is seen now and then in training, so that the model can also paint without a class.',
      zh: '类别表里多出的一行，表示“没有给出类别”。训练中不时用到它，模型因此也会在没有类别时作画。',
    },
  },
  'u-net': {
    term: { en: 'U-Net', zh: 'U-Net' },
    meaning: {
      en: 'A convolutional network that halves the picture again and again, doubles it again, and joins both ways at every size by skips.',
      zh: '一种卷积网络：把图片一次次缩小一半，再一次次放大回来，在每个尺寸上用跳跃连接把两路接起来。',
    },
  },
};

export default glossary;
