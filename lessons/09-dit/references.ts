import type { Reference } from '#lib/notebook/types.ts';

const references: Record<string, Reference> = {
  rombach2022: {
    cite: 'Rombach et al., 2022',
    authors: 'R. Rombach, A. Blattmann, D. Lorenz, P. Esser, B. Ommer',
    title: 'High-Resolution Image Synthesis with Latent Diffusion Models',
    venue: 'CVPR',
    year: 2022,
    arxiv: '2112.10752',
  },
  perez2018: {
    cite: 'Perez et al., 2018',
    authors: 'E. Perez, F. Strub, H. de Vries, V. Dumoulin, A. Courville',
    title: 'FiLM: Visual Reasoning with a General Conditioning Layer',
    venue: 'AAAI',
    year: 2018,
    arxiv: '1709.07871',
  },
  dhariwal2021: {
    cite: 'Dhariwal & Nichol, 2021',
    authors: 'P. Dhariwal, A. Nichol',
    title: 'Diffusion Models Beat GANs on Image Synthesis',
    venue: 'NeurIPS',
    year: 2021,
    arxiv: '2105.05233',
  },
  goyal2017: {
    cite: 'Goyal et al., 2017',
    authors: 'P. Goyal, P. Dollár, R. Girshick, et al.',
    title: 'Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour',
    year: 2017,
    arxiv: '1706.02677',
  },
};

export default references;
