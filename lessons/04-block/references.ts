import type { Reference } from '#lib/notebook/types.ts';

const references: Record<string, Reference> = {
  he2016: {
    cite: 'He et al., 2016',
    authors: 'K. He, X. Zhang, S. Ren, J. Sun',
    title: 'Deep Residual Learning for Image Recognition',
    venue: 'CVPR',
    year: 2016,
    arxiv: '1512.03385',
  },
  ba2016: {
    cite: 'Ba et al., 2016',
    authors: 'J. L. Ba, J. R. Kiros, G. E. Hinton',
    title: 'Layer Normalization',
    year: 2016,
    arxiv: '1607.06450',
  },
  hendrycks2016: {
    cite: 'Hendrycks & Gimpel, 2016',
    authors: 'D. Hendrycks, K. Gimpel',
    title: 'Gaussian Error Linear Units (GELUs)',
    year: 2016,
    arxiv: '1606.08415',
  },
  xiong2020: {
    cite: 'Xiong et al., 2020',
    authors: 'R. Xiong, Y. Yang, D. He, et al.',
    title: 'On Layer Normalization in the Transformer Architecture',
    venue: 'ICML',
    year: 2020,
    arxiv: '2002.04745',
  },
  veit2016: {
    cite: 'Veit et al., 2016',
    authors: 'A. Veit, M. Wilber, S. Belongie',
    title: 'Residual Networks Behave Like Ensembles of Relatively Shallow Networks',
    venue: 'NeurIPS',
    year: 2016,
    arxiv: '1605.06431',
  },
  amir2021: {
    cite: 'Amir et al., 2021',
    authors: 'S. Amir, Y. Gandelsman, S. Bagon, T. Dekel',
    title: 'Deep ViT Features as Dense Visual Descriptors',
    year: 2021,
    arxiv: '2112.05814',
  },
  oquab2023: {
    cite: 'Oquab et al., 2023',
    authors: 'M. Oquab, T. Darcet, T. Moutakanni, et al.',
    title: 'DINOv2: Learning Robust Visual Features without Supervision',
    year: 2023,
    arxiv: '2304.07193',
  },
};

export default references;
