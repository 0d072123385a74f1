import type { Reference } from '#lib/notebook/types.ts';

const references: Record<string, Reference> = {
  dosovitskiy2021: {
    cite: 'Dosovitskiy et al., 2021',
    authors: 'A. Dosovitskiy, L. Beyer, A. Kolesnikov, et al.',
    title: 'An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale',
    venue: 'ICLR',
    year: 2021,
    arxiv: '2010.11929',
  },
  vaswani2017: {
    cite: 'Vaswani et al., 2017',
    authors: 'A. Vaswani, N. Shazeer, N. Parmar, et al.',
    title: 'Attention Is All You Need',
    venue: 'NeurIPS',
    year: 2017,
    arxiv: '1706.03762',
  },
  beyer2023: {
    cite: 'Beyer et al., 2023',
    authors: 'L. Beyer, P. Izmailov, A. Kolesnikov, et al.',
    title: 'FlexiViT: One Model for All Patch Sizes',
    venue: 'CVPR',
    year: 2023,
    arxiv: '2212.08013',
  },
  carion2020: {
    cite: 'Carion et al., 2020',
    authors: 'N. Carion, F. Massa, G. Synnaeve, et al.',
    title: 'End-to-End Object Detection with Transformers',
    venue: 'ECCV',
    year: 2020,
    arxiv: '2005.12872',
  },
};

export default references;
