import { doc } from '../shared/block-docs.ts';

const NORM = '\\gamma_c \\frac{u_c - \\mu_c}{\\sqrt{\\sigma_c^2 + \\epsilon}} + \\beta_c';

/** Docs of what comes before the first stage. */
export const ROOT_DOCS = {
  conv: doc(
    'First convolution, 7 × 7 with stride 2',
    '第一个卷积，7 × 7，步幅 2',
    'u = K * x',
    'conv1 = body.conv1(x)',
  ),
  norm: doc(
    'First convolution after its frozen batch norm',
    '第一个卷积之后冻结的批归一化（BatchNorm）',
    NORM,
    'bn1 = body.bn1(conv1)  # stored mean and variance',
  ),
  relu: doc('First convolution after ReLU', '第一个卷积经过 ReLU', '\\max(u, 0)', 'relu = F.relu(bn1)'),
};

export const MAXPOOL_DOC = doc(
  'Largest of 3 × 3, with stride 2',
  '3 × 3 最大池化，步幅 2',
  'm_{c,i,j} = \\max_{-1 \\le a,b \\le 1} u_{c,\\,2i+a,\\,2j+b}',
  'maxpool = F.max_pool2d(relu, 3, stride=2, padding=1)',
);

/** Docs of bottleneck `block` of a stage. */
export function resnetDocs(stage: number, block: number) {
  const en = `stage ${stage}, bottleneck ${block}`;
  const zh = `第 ${stage} 阶段第 ${block} 个瓶颈结构`;
  const sizes = { 1: '1 × 1', 2: '3 × 3', 3: '1 × 1' } as const;
  return {
    conv: (n: 1 | 2 | 3) =>
      doc(
        `Convolution ${sizes[n]}, ${en}`,
        `${zh}：${sizes[n]} 卷积`,
        'u = K * f',
        `conv${n} = block.conv${n}(x)`,
      ),
    norm: (n: 1 | 2 | 3) =>
      doc(
        `Frozen batch norm ${n}, ${en}`,
        `${zh}：冻结的批归一化（BatchNorm）`,
        NORM,
        `bn${n} = block.bn${n}(conv${n})  # stored mean and variance`,
      ),
    relu: (n: 1 | 2) => doc(`ReLU ${n}, ${en}`, `${zh}：ReLU 之后`, '\\max(u, 0)', `x = F.relu(bn${n})`),
    downsample: doc(
      `Shortcut at the new size, ${en}`,
      `${zh}：变到新尺寸的捷径`,
      's = \\mathrm{BN}(K_s * f)',
      'shortcut = block.downsample(x)',
    ),
    output: doc(
      `Features after ${en}`,
      `${zh}之后的特征`,
      '\\max(\\mathrm{BN}(K_3 * \\cdot) + s, 0)',
      'x = F.relu(bn3 + shortcut)',
    ),
  };
}
