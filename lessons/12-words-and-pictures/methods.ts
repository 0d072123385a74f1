import type { Text } from '#lib/base/lang.ts';

/** A way to learn from pictures without labels, as its paper has it. */
export interface Method {
  readonly name: string;
  /** Key of the bibliography. */
  readonly work: string;
  /** What is compared with what. */
  readonly compares: Text;
  /** Where what belongs together comes from. */
  readonly positives: Text;
  readonly negatives: Text;
  /** What keeps all vectors from becoming one. */
  readonly keeps: Text;
  readonly needs: Text;
  /** The loss in TeX, and read out. */
  readonly loss: { readonly tex: string; readonly text: string };
}

export const METHODS: readonly Method[] = [
  {
    name: 'SimCLR',
    work: 'chen2020',
    compares: { en: 'view with view, both through one encoder', zh: '视图与视图，经过同一个编码器' },
    positives: { en: 'two random views of one picture', zh: '同一张图片的两个随机视图' },
    negatives: { en: 'all other views of the batch', zh: '批次里所有其他视图' },
    keeps: { en: 'the negatives', zh: '负样本' },
    needs: { en: 'a large batch: 4,096 pictures by default', zh: '大批次：默认 4,096 张图片' },
    loss: {
      tex: '-\\log\\frac{e^{z_i\\cdot z_j/\\tau}}{\\sum_{k\\ne i}e^{z_i\\cdot z_k/\\tau}}',
      text: 'minus log of e to the cosine of i with its partner j over tau, divided by the sum of the same for all k but i',
    },
  },
  {
    name: 'MoCo',
    work: 'he2020',
    compares: {
      en: 'view with view: a query of the encoder with keys of its momentum copy',
      zh: '视图与视图：编码器给出的查询，对它的动量副本给出的键',
    },
    positives: { en: 'two random views of one picture', zh: '同一张图片的两个随机视图' },
    negatives: { en: 'a queue of 65,536 keys of earlier batches', zh: '队列：之前各批次的 65,536 个键' },
    keeps: { en: 'the negatives', zh: '负样本' },
    needs: {
      en: 'a momentum encoder (0.999), so that the keys of the queue fit together; a batch of 256 is enough',
      zh: '动量编码器（0.999），使队列里的键彼此一致；批次 256 就够',
    },
    loss: {
      tex: '-\\log\\frac{e^{q\\cdot k_+/\\tau}}{e^{q\\cdot k_+/\\tau}+\\sum_{j}e^{q\\cdot k_j/\\tau}}',
      text: 'minus log of e to q times its key over tau, divided by that plus the sum of the same for all keys of the queue',
    },
  },
  {
    name: 'DINO',
    work: 'caron2021',
    compares: {
      en: 'view with view: what a student says of a small crop with what its teacher says of a large one',
      zh: '视图与视图：学生对小裁剪的输出，对教师对大裁剪的输出',
    },
    positives: { en: 'large and small crops of one picture', zh: '同一张图片的大、小裁剪' },
    negatives: { en: 'none', zh: '没有' },
    keeps: {
      en: 'centring (no output may always win) and sharpening (not all outputs may be alike), and no gradient into the teacher',
      zh: '中心化（不让某一维总是最大）与锐化（不让各维都相同），教师不接收梯度',
    },
    needs: {
      en: 'a momentum teacher (0.996 rising to 1)',
      zh: '动量教师（系数从 0.996 升到 1）',
    },
    loss: {
      tex: '\\begin{aligned}-\\textstyle\\sum_c &\\,\\mathrm{softmax}\\bigl(\\tfrac{t-m}{\\tau_t}\\bigr)_c\\\\ \\cdot\\log\\,&\\mathrm{softmax}\\bigl(\\tfrac{s}{\\tau_s}\\bigr)_c\\end{aligned}',
      text: 'cross-entropy of the teacher’s softmax, centred by m and at the low temperature tau t, with the student’s softmax at tau s',
    },
  },
  {
    name: 'CLIP',
    work: 'radford2021',
    compares: { en: 'picture with text, each through a tower of its own', zh: '图片与文字，各自经过一座塔' },
    positives: { en: 'a picture and the text found beside it', zh: '图片与它旁边的文字' },
    negatives: { en: 'all other texts and pictures of the batch', zh: '批次里所有其他文字和图片' },
    keeps: { en: 'the negatives', zh: '负样本' },
    needs: {
      en: 'text beside each picture, and a large batch: 32,768 pairs',
      zh: '每张图片配有文字；大批次：32,768 对',
    },
    loss: {
      tex: '\\begin{aligned}&-\\tfrac12\\log\\tfrac{e^{\\ell_{ii}}}{\\sum_k e^{\\ell_{ik}}}\\\\&-\\tfrac12\\log\\tfrac{e^{\\ell_{ii}}}{\\sum_k e^{\\ell_{ki}}}\\end{aligned}',
      text: 'half of the cross-entropy of row i plus half of that of column i, of scaled cosines l',
    },
  },
  {
    name: 'MAE',
    work: 'he2022',
    compares: { en: 'painted pixels with the true ones', zh: '重建的像素与真实的像素' },
    positives: { en: 'no pairs: the picture is its own answer', zh: '没有配对：图片自己就是答案' },
    negatives: { en: 'none', zh: '没有' },
    keeps: {
      en: 'the task: one answer for every picture would have a large error',
      zh: '任务本身：对所有图片给出同一个答案，误差会很大',
    },
    needs: {
      en: 'a decoder in training; 75 % of the patches hidden',
      zh: '训练时要有解码器；遮住 75 % 的图像块',
    },
    loss: {
      tex: '\\frac{1}{|M|}\\sum_{n\\in M}\\frac{\\lVert\\hat x_n-x_n\\rVert^2}{p^2C}',
      text: 'mean over the hidden patches of the squared difference of painted and true pixels',
    },
  },
];
