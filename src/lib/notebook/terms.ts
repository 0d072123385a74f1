import type { Text } from '#lib/base/lang.ts';

/**
 * The words the site has settled on: one thing, one word, in each language. Glossaries, prose and labels are held to
 * this list by terms.test.ts; whoever adds a term to a glossary that the list knows takes the words from here.
 */
export interface SettledTerm {
  /** Key of the glossaries of the lessons, where they explain the term. */
  readonly id?: string;
  readonly term: Text;
  /** Chinese words that are not used for it. What is matched is only what no other word contains. */
  readonly not?: readonly { readonly says: RegExp; readonly why: string }[];
}

const is = (
  id: string | undefined,
  en: string,
  zh: string,
  ...not: readonly [RegExp, string][]
): SettledTerm => ({
  ...(id && { id }),
  term: { en, zh },
  ...(not.length > 0 && { not: not.map(([says, why]) => ({ says, why })) }),
});

export const terms: readonly SettledTerm[] = [
  // What a vision transformer reads.
  is('transformer', 'transformer', 'Transformer'),
  is('patch', 'patch', '图像块', [
    // A slider, a square, a module, a residual block of a CNN and the act of cutting are other words.
    /(?<!图像|滑|方|模|切|残差|Transformer )块/,
    '单说“块”，分不清是图像块（patch）还是层（block）',
  ]),
  is(undefined, 'patch size', '图像块边长', [/块大小|块的大小/, '说的是边长，不是面积']),
  is(undefined, 'tubelet', '时空管（tubelet）', [/管状块|时空块|视频块/, '译名统一为时空管；块单指图像块']),
  is('token', 'token', '词元', [/(?<![A-Za-z_])tokens?(?![A-Za-z_])/, '中文里写“词元”，英文只放在括号里']),
  is('class-token', 'class token, CLS', '分类词元（CLS）', [
    /类别词元/,
    '读出答案的 CLS 与送入类别的标签词元是两回事',
  ]),
  is('label-token', 'label token', '标签词元（label token）'),
  is(undefined, 'time t, of a state', '时刻 t', [
    /时间 ?[ts](?![A-Za-z_])|(?:错误|真实|真正)的?时间|(?<!第)(?:哪个|每个|许多|各个|下一个|一个|所有|一组)时间(?![词嵌步段差])/,
    '数轴上的一点是时刻；时间是这条轴、一段长度，或送入网络的那一项',
  ]),
  is(undefined, 'drawing style', '画风', [/风格/, '符号的四种画法叫画风，各处同名']),
  is('time-token', 'time token', '时间词元（time token）'),
  is('embedding', 'embedding', '嵌入'),
  is('projection', 'linear projection', '线性投影'),
  is('position-embedding', 'position embedding', '位置编码', [
    /位置嵌入|位置表|(?:加上|不加|去掉|拿走)位置(?![编上的，。])/,
    '“位置”是图片里的地方，加到词元上的向量叫位置编码',
  ]),
  is('sincos', '2-D sine-cosine positions', '二维正余弦位置编码'),
  is('normalisation', 'normalisation of the input', '输入归一化'),
  is('mac', 'multiply-add (MAC)', '乘加（MAC）'),
  is(undefined, 'cost', '开销', [/代价/, '“开销”与“代价”只用一个']),

  // The block.
  is('block', 'block', '层（Transformer block）'),
  is('attention', 'attention', '注意力'),
  is('head', 'head', '注意力头（head）', [/第 \d+ 层，?第 \d+ 头|\d 号头/, '说“第 3 层的第 1 个头”']),
  is('query', 'query, q', '查询（query，q）'),
  is('key', 'key, k', '键（key，k）'),
  is('value', 'value, v', '值（value，v）'),
  is('score', 'attention score', '注意力分数'),
  is('softmax', 'softmax', 'softmax（归一化指数函数）'),
  is('rollout', 'attention rollout', '注意力展开（rollout）', [
    /注意力展开(?!（)/,
    '第一次写“注意力展开（rollout）”，以后写 rollout',
  ]),
  is('attention-distance', 'mean attention distance', '平均注意力距离'),
  is(undefined, 'cell of a table', '单元', [/格子|逐格/, '表中的一个数叫单元']),
  is('mlp', 'MLP', '多层感知机（MLP）'),
  is('gelu', 'GELU', 'GELU（高斯误差线性单元）', [/弯折|一个弯/, '说“非线性激活”']),
  is('layernorm', 'LayerNorm', '层归一化（LayerNorm）', [/层标准化/, '译名统一为层归一化']),
  is('final-norm', 'final LayerNorm', '最后的层归一化', [
    /末尾的层归一化|最终层归一化|最后一次归一化|最后归一化/,
    '只用一种说法',
  ]),
  is('residual-stream', 'residual stream', '残差流', [/主干/, '主干是分类网络里另一样东西']),
  is(undefined, 'branch', '分支', [/支路/, '“分支”与“支路”只用一个']),
  is('pre-norm', 'pre-norm', '前置归一化（pre-norm）'),
  is('post-norm', 'post-norm', '后置归一化（post-norm）'),
  is('cosine', 'cosine similarity', '余弦相似度'),
  is('principal-component', 'principal component', '主成分'),
  is('head-linear', 'classification head', '分类头'),
  is('logit-lens', 'logit lens', 'logit 透镜（logit lens）'),
  is(undefined, 'cutting the last blocks', '截去末层', [
    /切掉(?:最后|中间|第|任何| ?\$)/,
    '层是截去的，图像块才是切的',
  ]),
  is(undefined, 'relatives of a model', '相关模型', [/亲属|一家人/, '说“相关模型”']),

  // Cheaper attention.
  is(undefined, 'stage of a pyramid', '阶段'),
  is(undefined, 'window attention', '窗口注意力', [/窗内注意力/, '译名统一为窗口注意力']),
  is(undefined, 'shifted window', '移位窗口', [
    /平移窗口|偏移窗口/,
    '译名统一为移位窗口；滑动窗口是另一种做法',
  ]),
  is(undefined, 'cyclic shift', '循环移位', [/循环平移|循环滚动/, '译名统一为循环移位']),
  is(undefined, 'patch merging', '图像块合并', [/图像块融合/, '译名统一为图像块合并']),
  is(undefined, 'relative position bias', '相对位置偏置', [
    /相对位置(?:编码|偏差|偏移)/,
    '加在注意力分数上的是偏置',
  ]),
  is(undefined, 'linear attention', '线性注意力', [/线性化注意力/, '译名统一为线性注意力']),
  is('depthwise', 'depthwise convolution', '深度卷积（depthwise convolution）', [
    /逐通道卷积|逐深度卷积/,
    '译名统一为深度卷积',
  ]),
  is(undefined, 'pruned window', '剪去的窗口'),

  // Noise.
  is('forward-process', 'forward process', '前向过程'),
  is('reverse-process', 'reverse process', '反向过程（reverse process）', [
    /逆过程|逆向/,
    '与“前向过程”相对的是“反向过程”',
  ]),
  is('noise-schedule', 'noise schedule', '噪声调度'),
  is('variance-preserving', 'variance preserving (VP)', '方差保持（VP）', [/保方差/, '译名统一为方差保持']),
  is('closed-form', 'closed form', '闭式解', [/闭式(?!解)/, '说“闭式解”']),
  is('gaussian', 'normal distribution', '正态分布'),
  is(undefined, 'standard deviation', '标准差', [
    /散布|散开的程度|分布律/,
    '说“标准差”；由公式得出的叫理论值',
  ]),
  is('snr', 'signal-to-noise ratio (SNR)', '信噪比（SNR）'),
  is('posterior', 'posterior', '后验分布'),
  is('likelihood', 'likelihood', '似然'),

  // Painting.
  is('denoiser', 'denoiser', '去噪网络（denoiser）'),
  is('loss', 'loss', '损失函数（loss）'),
  is('training-target', 'training target', '训练目标（target）'),
  is('ideal-denoiser', 'ideal denoiser', '理想去噪器（ideal denoiser）'),
  is('sampler', 'sampler', '采样器（sampler）'),
  is('score-function', 'score', '得分函数（score）'),
  is('guidance', 'classifier-free guidance', '无分类器引导（classifier-free guidance）'),
  is('in-painting', 'in-painting', '图像修补（in-painting）', [
    /补画|重画/,
    '译名统一为图像修补；自编码器补出图像块叫重建',
  ]),
  is(undefined, 'two-dimensional toy', '二维示例', [/平面玩具/, '说“二维示例”']),
  is('long-skip', 'long skip', '长跳跃连接（long skip connection）', [
    /跳跃(?!连接)/,
    '“跳跃”是“跳跃连接”的一半',
  ]),
  is('gate', 'gate', '门控系数（gate）'),
  is('condition-vector', 'condition vector', '条件向量（condition vector）'),
  is('modulation', 'modulation', '调制（modulation）'),
  is('adaln', 'adaptive LayerNorm, adaLN', '自适应层归一化（adaLN）'),
  is('cross-attention', 'cross-attention', '交叉注意力（cross-attention）'),
  is(undefined, 'ways of conditioning', '条件注入方式', [/四种说法/, '说的是把条件送进网络的方式']),
  is('latent', 'latent', '隐变量（latent）'),

  // The page.
  is(undefined, 'loading', '正在载入', [/正在路上/, '文件是正在载入，数值是计算中']),
  is(undefined, 'what you hold now', '本课小结', [/手里有什么/, '教科书里叫小结']),
  is(undefined, 'what a part is worth', '作用大小', [/(?:多大|[的些条个])分量/, '“分量”是向量的一个数']),
  is(undefined, 'percent', '72.2 %', [/\d%/, '数与百分号之间空一格，与代码写出的数一致']),
];
