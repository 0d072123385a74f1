import type { GlossaryEntry } from '#lib/notebook/types.ts';

const glossary: Record<string, GlossaryEntry> = {
  'object-query': {
    term: { en: 'object query', zh: '物体查询（object query）' },
    meaning: {
      en: 'A learned vector that asks the picture for one object. After the decoder it answers with a class and a box, or with “no object”.',
      zh: '一个学到的向量，向图片询问一个物体。经过解码器之后，它给出一个类别和一个边界框，或者回答“无物体”。',
    },
  },
  box: {
    term: { en: 'bounding box', zh: '边界框（bounding box）' },
    meaning: {
      en: 'The smallest upright rectangle around an object, here by its centre, width and height as shares of the picture.',
      zh: '包住物体的最小的正放矩形，这里用中心、宽和高来表示，都是占图片的比例。',
    },
  },
  iou: {
    term: { en: 'intersection over union, IoU', zh: '交并比（IoU）' },
    meaning: {
      en: 'The area that two boxes share, divided by the area that they cover together: 1 for equal boxes, 0 for boxes apart.',
      zh: '两个框重叠部分的面积除以它们合起来覆盖的面积：相同的框是 1，分开的框是 0。',
    },
  },
  giou: {
    term: { en: 'generalised IoU, GIoU', zh: '广义交并比（GIoU）' },
    meaning: {
      en: 'IoU less the share of the smallest box around both that neither covers. Boxes that are apart have a value below 0, the lower the farther.',
      zh: '交并比减去一个比例：在同时包住两个框的最小矩形里，两者都没有覆盖的部分所占的比例。分开的框小于 0，离得越远越小。',
    },
  },
  'average-precision': {
    term: { en: 'average precision, AP', zh: '平均精度（AP）' },
    meaning: {
      en: 'How precise a list of detections is, from the surest down, averaged over how many of the objects have been found by then.',
      zh: '把检测结果从最有把握的往下数，在各个召回率处的精确率的平均值。',
    },
  },
  'feature-pixel': {
    term: { en: 'feature pixel', zh: '特征图的像素（feature pixel）' },
    meaning: {
      en: 'One place of the map that a convolutional network makes of a picture, with a number for each channel. DETR’s tokens are such places.',
      zh: '卷积网络由图片得到的特征图上的一个位置，每个通道有一个数值。DETR 的词元就是这样的位置。',
    },
  },
  memory: {
    term: { en: 'memory', zh: '记忆（memory）' },
    meaning: {
      en: 'The tokens of the picture as the encoder leaves them. Every layer of the decoder looks at them.',
      zh: '编码器输出的图片词元，解码器的每一层都从这里读取。',
    },
  },
  'cross-attention': {
    term: { en: 'cross-attention', zh: '交叉注意力（cross-attention）' },
    meaning: {
      en: 'Attention whose queries come from one sequence and whose keys and values come from another: here from the object queries and from the picture.',
      zh: '查询来自一个序列、键和值来自另一个序列的注意力：这里分别是物体查询和图片。',
    },
  },
  'post-norm': {
    term: { en: 'post-norm', zh: '后置归一化（post-norm）' },
    meaning: {
      en: 'LayerNorm comes after a branch has been added, as in the first transformers; a ViT has it before the branch.',
      zh: '层归一化放在分支相加之后，最早的 Transformer 就是这样；ViT 则放在分支之前。',
    },
  },
  matching: {
    term: { en: 'bipartite matching', zh: '二分图匹配（bipartite matching）' },
    meaning: {
      en: 'Pairs of queries and objects in which nobody occurs twice. Training uses the matching of least total cost.',
      zh: '把查询与物体一一配对，谁也不出现两次。训练采用总成本最小的匹配。',
    },
  },
  hungarian: {
    term: { en: 'Hungarian method', zh: '匈牙利算法（Hungarian method）' },
    meaning: {
      en: 'An algorithm that finds the matching of least total cost by making zeros and pairing along them, without trying all pairings.',
      zh: '求总成本最小的匹配的算法：不断造出 0，再沿着 0 配对，而不必逐一尝试所有的配对方式。',
    },
  },
  'auxiliary-loss': {
    term: { en: 'auxiliary loss', zh: '辅助损失（auxiliary loss）' },
    meaning: {
      en: 'The same loss, computed for the answers after each layer of the decoder and added up, so that every layer learns to answer.',
      zh: '对解码器每一层之后的答案都计算同样的损失并相加，使每一层都学会作答。',
    },
  },
  nms: {
    term: { en: 'non-maximum suppression, NMS', zh: '非极大值抑制（NMS）' },
    meaning: {
      en: 'A rule applied after a detector: of boxes of one class that overlap by more than a threshold, only the surest stays.',
      zh: '检测网络之后的一条规则：同一类别的框若重叠超过阈值，只保留最有把握的一个。',
    },
  },
};
export default glossary;
