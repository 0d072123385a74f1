/** One published result: how many labelled pictures a model was trained on, and what it reached. */
export interface Published {
  readonly model: string;
  /** Pictures of the training set. Passes over it are not counted. */
  readonly pictures: number;
  readonly set: string;
  /** Top-1 in percent on the test set named. */
  readonly top1: number;
  readonly test: 'ImageNet-1k' | 'CIFAR-10';
  /** Lines join results of one model and one source. */
  readonly line: string;
  /** Reference id, and the place in it. */
  readonly source: string;
  readonly cite: string;
}

/** Pictures in the training sets: ImageNet-1k (ILSVRC-2012), ImageNet-21k, JFT, CIFAR-10; Dosovitskiy et al. 2021 §4.1. */
const SETS = { in1k: 1_281_167, in21k: 14e6, jft: 303e6, cifar: 50_000 } as const;

/**
 * What others report. ViT: Dosovitskiy et al. 2021, table 5 (fine-tuned at 384 pixels). DeiT: README_deit.md of the
 * authors' repository (224 pixels). S/16: Beyer et al. 2022 and Touvron et al. 2022 by their repositories. CIFAR-10:
 * Lee et al. 2021 by their repository, whose “epoch” is three passes.
 */
export const PUBLISHED_RESULTS: readonly Published[] = [
  {
    model: 'ViT-B/16',
    pictures: SETS.in1k,
    set: 'ImageNet-1k',
    top1: 77.91,
    test: 'ImageNet-1k',
    line: 'vit-b',
    source: 'dosovitskiy2021',
    cite: 'arXiv 2010.11929, table 5',
  },
  {
    model: 'ViT-B/16',
    pictures: SETS.in21k,
    set: 'ImageNet-21k',
    top1: 83.97,
    test: 'ImageNet-1k',
    line: 'vit-b',
    source: 'dosovitskiy2021',
    cite: 'arXiv 2010.11929, table 5',
  },
  {
    model: 'ViT-B/16',
    pictures: SETS.jft,
    set: 'JFT-300M',
    top1: 84.15,
    test: 'ImageNet-1k',
    line: 'vit-b',
    source: 'dosovitskiy2021',
    cite: 'arXiv 2010.11929, table 5',
  },
  {
    model: 'DeiT-Ti',
    pictures: SETS.in1k,
    set: 'ImageNet-1k',
    top1: 72.2,
    test: 'ImageNet-1k',
    line: 'deit-ti',
    source: 'touvron2021',
    cite: 'arXiv 2012.12877, README_deit.md',
  },
  {
    model: 'DeiT-S',
    pictures: SETS.in1k,
    set: 'ImageNet-1k',
    top1: 79.9,
    test: 'ImageNet-1k',
    line: 'deit-s',
    source: 'touvron2021',
    cite: 'arXiv 2012.12877, README_deit.md',
  },
  {
    model: 'DeiT-B',
    pictures: SETS.in1k,
    set: 'ImageNet-1k',
    top1: 81.8,
    test: 'ImageNet-1k',
    line: 'deit-b',
    source: 'touvron2021',
    cite: 'arXiv 2012.12877, README_deit.md',
  },
  {
    model: 'DeiT III S/16',
    pictures: SETS.in1k,
    set: 'ImageNet-1k',
    top1: 81.4,
    test: 'ImageNet-1k',
    line: 'deit3-s',
    source: 'touvron2022',
    cite: 'arXiv 2204.07118, README_revenge.md',
  },
  {
    model: 'ViT-S/16, plain',
    pictures: SETS.in1k,
    set: 'ImageNet-1k',
    top1: 76.5,
    test: 'ImageNet-1k',
    line: 'plain-s',
    source: 'beyer2022',
    cite: 'arXiv 2205.01580, 90 epochs',
  },
  {
    model: 'small ViT',
    pictures: SETS.cifar,
    set: 'CIFAR-10',
    top1: 93.6,
    test: 'CIFAR-10',
    line: 'spt',
    source: 'lee2021',
    cite: 'arXiv 2112.13492, repository',
  },
];
