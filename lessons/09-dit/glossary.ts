import type { GlossaryEntry } from '#lib/notebook/types.ts';

const glossary: Record<string, GlossaryEntry> = {
  'condition-vector': {
    term: { en: 'condition vector', zh: '条件向量（condition vector）' },
    meaning: {
      en: 'One vector of D numbers: the embedded time plus the embedded class. All blocks of a DiT read the same one.',
      zh: '由 D 个数组成的一个向量：时间嵌入加上类别嵌入。DiT 的所有层读取的都是它。',
    },
  },
  modulation: {
    term: { en: 'modulation', zh: '调制（modulation）' },
    meaning: {
      en: 'Scaling and shifting every channel by numbers computed from a condition. All tokens of a picture are treated alike.',
      zh: '用由条件算出的数，对每个通道作缩放和平移。同一张图片的所有词元得到同样的处理。',
    },
  },
  adaln: {
    term: { en: 'adaptive LayerNorm, adaLN', zh: '自适应层归一化（adaLN）' },
    meaning: {
      en: 'A LayerNorm without weights of its own, whose scale and shift come from the condition instead.',
      zh: '本身不带参数的层归一化，缩放和平移由条件给出。',
    },
  },
  'adaln-zero': {
    term: { en: 'adaLN-Zero', zh: 'adaLN-Zero' },
    meaning: {
      en: 'adaLN with one more factor a branch, the gate α, and a linear layer that starts at zero: before training every block passes its tokens through unchanged.',
      zh: '在 adaLN 的基础上给每个分支增加一个门控系数 α，并把产生它们的线性层初始化为零，所以训练开始前，每一层都让词元保持不变。',
    },
  },
  'in-context': {
    term: { en: 'in-context conditioning', zh: '上下文条件（in-context conditioning）' },
    meaning: {
      en: 'Time and class as two more tokens of the sequence, as in U-ViT.',
      zh: '把时间和类别作为序列中另外两个词元，与 U-ViT 的做法相同。',
    },
  },
  'cross-attention': {
    term: { en: 'cross-attention', zh: '交叉注意力（cross-attention）' },
    meaning: {
      en: 'Attention whose queries come from one sequence and whose keys and values come from another.',
      zh: '查询来自一个序列，键和值来自另一个序列的注意力。',
    },
  },
  latent: {
    term: { en: 'latent', zh: '隐变量（latent）' },
    meaning: {
      en: 'What an autoencoder makes of a picture: fewer places, a few channels, enough to paint the picture again.',
      zh: '自编码器把图片压缩后的表示：位置更少，通道不多，但足以恢复图片。',
    },
  },
  fid: {
    term: { en: 'Fréchet inception distance, FID', zh: 'FID（Fréchet inception distance）' },
    meaning: {
      en: 'How far the features of many generated pictures lie from those of real ones, as two Gaussians in the features of a classifier. Lower is better; only equal counts and references compare.',
      zh: '在一个分类网络的特征空间里，把生成图片与真实图片各当作一个正态分布，计算两者的距离。越小越好；只有样本数和参照集都相同时才能比较。',
    },
  },
};

export default glossary;
