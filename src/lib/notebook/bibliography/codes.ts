import type { Reference } from './reference.ts';

/** Pictures as codes of a codebook, and networks that write them. */
export const codes = {
  oord2017: {
    cite: 'van den Oord et al., 2017',
    authors: 'A. van den Oord, O. Vinyals, K. Kavukcuoglu',
    title: 'Neural Discrete Representation Learning',
    venue: 'NeurIPS',
    year: 2017,
    arxiv: '1711.00937',
  },
  bengio2013: {
    cite: 'Bengio et al., 2013',
    authors: 'Y. Bengio, N. Léonard, A. Courville',
    title: 'Estimating or Propagating Gradients Through Stochastic Neurons for Conditional Computation',
    year: 2013,
    arxiv: '1308.3432',
  },
  esser2021: {
    cite: 'Esser et al., 2021',
    authors: 'P. Esser, R. Rombach, B. Ommer',
    title: 'Taming Transformers for High-Resolution Image Synthesis',
    venue: 'CVPR',
    year: 2021,
    arxiv: '2012.09841',
  },
  chang2022: {
    cite: 'Chang et al., 2022',
    authors: 'H. Chang, H. Zhang, L. Jiang, C. Liu, W. T. Freeman',
    title: 'MaskGIT: Masked Generative Image Transformer',
    venue: 'CVPR',
    year: 2022,
    arxiv: '2202.04200',
  },
  sun2024: {
    cite: 'Sun et al., 2024',
    authors: 'P. Sun, Y. Jiang, S. Chen, et al.',
    title: 'Autoregressive Model Beats Diffusion: Llama for Scalable Image Generation',
    year: 2024,
    arxiv: '2406.06525',
  },
  tian2024: {
    cite: 'Tian et al., 2024',
    authors: 'K. Tian, Y. Jiang, Z. Yuan, B. Peng, L. Wang',
    title: 'Visual Autoregressive Modeling: Scalable Image Generation via Next-Scale Prediction',
    venue: 'NeurIPS',
    year: 2024,
    arxiv: '2404.02905',
  },
  tang2024: {
    cite: 'Tang et al., 2024',
    authors: 'H. Tang, Y. Wu, S. Yang, et al.',
    title: 'HART: Efficient Visual Generation with Hybrid Autoregressive Transformer',
    year: 2024,
    arxiv: '2410.10812',
  },
  li2024: {
    cite: 'Li et al., 2024',
    authors: 'T. Li, Y. Tian, H. Li, M. Deng, K. He',
    title: 'Autoregressive Image Generation without Vector Quantization',
    venue: 'NeurIPS',
    year: 2024,
    arxiv: '2406.11838',
  },
} as const satisfies Record<string, Reference>;
