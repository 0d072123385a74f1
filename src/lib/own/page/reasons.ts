import type { Text } from '#lib/base/lang.ts';

/**
 * A reason as the families state it, in English, and as it is said in Chinese with the same numbers; in English too where
 * the families speak of the command line.
 */
type Translation = readonly [pattern: RegExp, zh: (...numbers: string[]) => string, en?: string];

/* What is assumed of a configuration, what pictures are prepared by, and what tensors that are left out are. */
const REASONS: readonly Translation[] = [
  [/^(\d+) values each$/, (n) => `每个头 ${n} 维`],
  [/^as in the published code$/, () => '与公开的代码一致'],
  [/^the last of (\d+) rows taken for “no class”$/, (n) => `${n} 行中的最后一行看作“无类别”`],
  [/^all (\d+) rows taken for classes$/, (n) => `${n} 行都看作类别`],
  [/^no matrix for the long skips is stored$/, () => '文件里没有长跳跃连接的矩阵'],
  [/^the matrix of the long skips takes one input$/, () => '长跳跃连接的矩阵只读一个输入'],
  [/^pixels from −1 to 1$/, () => '像素换算到 −1 到 1'],
  [/^ImageNet’s mean and deviation$/, () => 'ImageNet 的均值和标准差'],
  [
    /^as (?:in|for) OpenAI’s models(?:, which have a LayerNorm before the blocks)?$/,
    () => '与 OpenAI 的模型一致',
  ],
  [
    /^as in OpenAI’s models; those that (\w+) trained have gelu=erf$/,
    (whose) => `与 OpenAI 的模型一致；${whose} 训练的模型请选精确形式（erf）`,
  ],
  [
    /^the last frequency of the time is 1\/10000, as in diffusers, not the one before it$/,
    () => '时间的最后一个频率是 1/10000，与 diffusers 一致，而不是它前面的那一个',
  ],
  [
    /^the MLP’s first half is taken for the gate, through SiLU, as in DINOv2$/,
    () => '把 MLP 的前一半看作门控，经过 SiLU，与 DINOv2 一致',
  ],
  [
    /^no tensor tells of rotary positions; a Perception Encoder has them$/,
    () => '张量看不出是否使用旋转位置编码；Perception Encoder 使用它',
  ],
  [
    /^before attention and MLP, as in most \w+; timm’s (\w+) and (\S+)’s (\S+) have them after under the same names$/,
    (block, whose, size) =>
      `在注意力和 MLP 之前，多数模型都是这样；timm 的 ${block} 与 ${whose} 的 ${size} 在其后，张量名称却相同`,
  ],
  [/^as in DINOv3$/, () => '与 DINOv3 一致'],
  [/^as in the notebook’s own$/, () => '与本站自己的模型一致'],
  [/^the last id, as in OpenAI’s models$/, () => '最后一个编号，与 OpenAI 的模型一致'],
  [/^the habit of (.+)$/, (whose) => `${whose} 的惯例`],
  [/^the approximation, as (.+) have it$/, (whose) => `近似形式，与 ${whose.replace(' and ', '、')} 一致`],
  [/^the exact one, as in all published \w+$/, () => '精确形式，公开的模型都用它'],
  [
    /^positions of (\d+) × (\d+) patches, resized to (\d+) × (\d+)$/,
    (a, b, c, d) => `位置编码按 ${a} × ${b} 个图像块存储，缩放到 ${c} × ${d}`,
  ],
  [/^a square picture: (\d+) × (\d+) positions$/, (a, b) => `按正方形图片推断：${a} × ${b} 个位置`],
  [/^a square picture$/, () => '按正方形图片推断'],
  [/^as in Stable Diffusion$/, () => '与 Stable Diffusion 一致'],
  [/^it is measured on pictures, and no tensor tells it$/, () => '它要在图片上测量，张量看不出来'],
  [/^published ones saw pictures of 256 pixels$/, () => '公开的模型看的是边长 256 像素的图片'],
  [/^as in VAR$/, () => '与 VAR 一致'],
  [/^as in VAR, since its convolutions are there$/, () => '文件里有 VAR 的卷积，因此与 VAR 一致'],
  [/^no convolutions of scales are there$/, () => '文件里没有各尺度的卷积'],
  [
    /^the loss of training: a discriminator and a perceptual network$/,
    () => '训练用的损失：判别器与感知网络',
  ],
  [/^how often each code was used in training$/, () => '训练中每个码字被使用的次数'],
  [/^as in the published text-to-image networks$/, () => '与公开的文生图网络一致'],
  [/^no tensor tells it$/, () => '张量看不出来'],
  [/^the weights fit any size$/, () => '这些权重适合任何大小'],
  [
    /^the weights fit any size; published ones saw 800 and more$/,
    () => '这些权重适合任何大小；公开的模型看的是边长 800 像素以上的图片',
  ],
  [/^as this notebook trains detectors without a ResNet$/, () => '本站训练的检测器不用 ResNet，都是这样'],
  [/^(\d+) positions, all of them for patches$/, (n) => `${n} 个位置全部属于图像块`],
  [/^the pictures of CIFAR-10; the weights fit any side$/, () => 'CIFAR-10 的图片大小；这些权重适合任何边长'],
  [/^windows as published$/, () => '窗口与论文一致'],
  [/^as published$/, () => '与论文一致'],
  [/^positions are never stored$/, () => '这种文件从不保存位置编码'],
  [/^the last stage is then one window, as published$/, () => '这样最后一个阶段正好是一个窗口，与论文一致'],
  [/^as the file beside it says$/, () => '旁边的文件这样写着'],
  [/^the paper’s share$/, () => '论文中的比例'],
  [/^plain pixels as the target$/, () => '以原始像素为目标'],
  [/^the fixed table is not always stored$/, () => '固定的位置编码不一定保存在文件里'],
  [
    /^the mean of the patch tokens is what is pooled, as (?:the norm fc_norm tells|there is no CLS token)$/,
    () => '分类头读取图像块词元的平均值：文件里有 fc_norm，或者没有 CLS 词元',
  ],
  [
    /^the CLS token is what is pooled; a network that was trained with the mean of the patch tokens needs pool=gap$/,
    () => '分类头读取 CLS 词元；如果训练时读取的是图像块词元的平均值，请改选平均',
    'the CLS token is what is pooled; choose the mean if the network was trained with that',
  ],
  [/^a counter of batch normalisation$/, () => '批归一化的计数'],
  [/^the numbers of the positions$/, () => '位置的编号'],
  [/^a table that follows from the sizes$/, () => '由各项大小就能算出的表'],
  [/^a size that the tensors tell$/, () => '由张量就能看出的大小'],
  [/^used in training alone$/, () => '只在训练中使用'],
  [/^a layer on top that no classifier reads$/, () => '分类器不读取的顶层'],
  [/^the projection of self-supervised training$/, () => '自监督训练用的投影'],
  [/^the state of the training$/, () => '训练的状态'],
];

/** Why something was assumed or left out, in both languages. A reason without a translation keeps its English words. */
export function reasonText(why: string): Text {
  for (const [pattern, zh, en = why] of REASONS) {
    const found = pattern.exec(why);
    if (found) return { en, zh: zh(...found.slice(1)) };
  }
  return { en: why, zh: why };
}
