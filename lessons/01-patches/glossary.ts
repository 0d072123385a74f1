import type { GlossaryEntry } from '#lib/notebook/types.ts';

const glossary: Record<string, GlossaryEntry> = {
  transformer: {
    term: { en: 'transformer', zh: 'Transformer' },
    meaning: {
      en: 'A network that reads a list of vectors and lets each of them draw information from all others, layer after layer.',
      zh: '读入一列向量的网络：在每一层里，每个向量都可以从其他所有向量那里获取信息。',
    },
  },
  patch: {
    term: { en: 'patch', zh: '图像块' },
    meaning: {
      en: 'A small square of the picture. All patches have the same size and none overlaps another.',
      zh: '图片上的一个小正方形。所有图像图像块边长相同，互不重叠。',
    },
  },
  token: {
    term: { en: 'token', zh: '词元' },
    meaning: {
      en: 'One vector of the list a transformer works on. In a vision transformer: a projected patch, or a learned extra such as the class token.',
      zh: 'Transformer 所处理的一列向量中的一个。在视觉 Transformer 里，它是投影后的图像块，或者是像分类词元那样通过训练得到的附加向量。',
    },
  },
  embedding: {
    term: { en: 'embedding', zh: '嵌入' },
    meaning: {
      en: 'The vector of D numbers that stands for something inside the network, here for a patch.',
      zh: '在网络内部表示某个对象的向量，由 D 个数组成；这里表示一个图像块。',
    },
  },
  projection: {
    term: { en: 'linear projection', zh: '线性投影' },
    meaning: {
      en: 'Multiplication by a matrix, plus a bias. Every output is one dot product.',
      zh: '乘以一个矩阵，再加偏置。每个输出都是一次点积。',
    },
  },
  'class-token': {
    term: { en: 'class token, CLS', zh: '分类词元（CLS）' },
    meaning: {
      en: 'A learned vector put in front of the patches, at index 0. The answer is read from it at the end.',
      zh: '放在所有图像块之前的一个向量，编号为 0，通过训练得到。最后的答案从它那里读出。',
    },
  },
  attention: {
    term: { en: 'attention', zh: '注意力' },
    meaning: {
      en: 'The step in which every token weighs every token and takes a weighted mean. Its cost grows with the square of their number.',
      zh: '每个词元给所有词元打分，再取加权平均的运算。它的开销随词元数的平方增长。',
    },
  },
  channel: {
    term: { en: 'channel', zh: '通道' },
    meaning: {
      en: 'One plane of a picture: its red, green or blue.',
      zh: '图片中的一个平面：红、绿或蓝。',
    },
  },
  stride: {
    term: { en: 'stride', zh: '步幅' },
    meaning: {
      en: 'How many pixels a convolution moves on between two outputs. With a stride as long as its kernel the places do not overlap.',
      zh: '卷积在两次输出之间移动的像素数。步幅等于卷积核的边长时，各个位置互不重叠。',
    },
  },
  normalisation: {
    term: { en: 'normalisation of the input', zh: '输入归一化' },
    meaning: {
      en: 'Pixel values 0 … 255 are brought to the range the model was trained with, here −1 … 1, before anything else happens.',
      zh: '在其他一切运算之前，先把 0 到 255 的像素值换算到模型训练时所用的范围，这里是 −1 到 1。',
    },
  },
  mac: {
    term: { en: 'multiply-add (MAC)', zh: '乘加（MAC）' },
    meaning: {
      en: 'One multiplication and one addition: the unit in which the work of a network is counted here.',
      zh: '一次乘法加一次加法。这里用它来计量网络的运算量。',
    },
  },
};

export default glossary;
