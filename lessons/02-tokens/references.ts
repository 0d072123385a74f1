import type { Reference } from '#lib/notebook/types.ts';

const references: Record<string, Reference> = {
  devlin2019: {
    cite: 'Devlin et al., 2019',
    authors: 'J. Devlin, M.-W. Chang, K. Lee, K. Toutanova',
    title: 'BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding',
    venue: 'NAACL',
    year: 2019,
    arxiv: '1810.04805',
  },
  haufe2014: {
    cite: 'Haufe et al., 2014',
    authors: 'S. Haufe, F. Meinecke, K. Görgen, et al.',
    title: 'On the interpretation of weight vectors of linear models in multivariate neuroimaging',
    venue: 'NeuroImage 87',
    year: 2014,
    doi: '10.1016/j.neuroimage.2013.10.067',
  },
  beyer2022: {
    cite: 'Beyer et al., 2022',
    authors: 'L. Beyer, X. Zhai, A. Kolesnikov',
    title: 'Better plain ViT baselines for ImageNet-1k',
    year: 2022,
    arxiv: '2205.01580',
  },
  he2022: {
    cite: 'He et al., 2022',
    authors: 'K. He, X. Chen, S. Xie, et al.',
    title: 'Masked Autoencoders Are Scalable Vision Learners',
    venue: 'CVPR',
    year: 2022,
    arxiv: '2111.06377',
  },
  radford2021: {
    cite: 'Radford et al., 2021',
    authors: 'A. Radford, J. W. Kim, C. Hallacy, et al.',
    title: 'Learning Transferable Visual Models From Natural Language Supervision',
    venue: 'ICML',
    year: 2021,
    arxiv: '2103.00020',
  },
};

export default references;
