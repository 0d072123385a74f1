import type { Reference } from '#lib/notebook/types.ts';

const references: Record<string, Reference> = {
  bao2023: {
    cite: 'Bao et al., 2023',
    authors: 'F. Bao, S. Nie, K. Xue, et al.',
    title: 'All are Worth Words: A ViT Backbone for Diffusion Models',
    venue: 'CVPR',
    year: 2023,
    arxiv: '2209.12152',
  },
  ho2020: {
    cite: 'Ho et al., 2020',
    authors: 'J. Ho, A. Jain, P. Abbeel',
    title: 'Denoising Diffusion Probabilistic Models',
    venue: 'NeurIPS',
    year: 2020,
    arxiv: '2006.11239',
  },
  song2021: {
    cite: 'Song et al., 2021',
    authors: 'Y. Song, J. Sohl-Dickstein, D. P. Kingma, et al.',
    title: 'Score-Based Generative Modeling through Stochastic Differential Equations',
    venue: 'ICLR',
    year: 2021,
    arxiv: '2011.13456',
  },
  lu2022b: {
    cite: 'Lu et al., 2022',
    authors: 'C. Lu, Y. Zhou, F. Bao, et al.',
    title: 'DPM-Solver++: Fast Solver for Guided Sampling of Diffusion Probabilistic Models',
    year: 2022,
    arxiv: '2211.01095',
  },
  ronneberger2015: {
    cite: 'Ronneberger et al., 2015',
    authors: 'O. Ronneberger, P. Fischer, T. Brox',
    title: 'U-Net: Convolutional Networks for Biomedical Image Segmentation',
    venue: 'MICCAI',
    year: 2015,
    arxiv: '1505.04597',
  },
  peebles2023: {
    cite: 'Peebles & Xie, 2023',
    authors: 'W. Peebles, S. Xie',
    title: 'Scalable Diffusion Models with Transformers',
    venue: 'ICCV',
    year: 2023,
    arxiv: '2212.09748',
  },
};

export default references;
