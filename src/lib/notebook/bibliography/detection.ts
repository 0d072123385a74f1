import type { Reference } from './reference.ts';

/** Works on finding objects in pictures, and on pairing. By key: first author and year. */
export const detection = {
  chen2022: {
    cite: 'Chen et al., 2022',
    authors: 'Q. Chen, X. Chen, J. Wang, et al.',
    title: 'Group DETR: Fast DETR Training with Group-Wise One-to-Many Assignment',
    year: 2022,
    arxiv: '2207.13085',
  },
  fang2021: {
    cite: 'Fang et al., 2021',
    authors: 'Y. Fang, B. Liao, X. Wang, et al.',
    title: 'You Only Look at One Sequence: Rethinking Transformer in Vision through Object Detection',
    venue: 'NeurIPS',
    year: 2021,
    arxiv: '2106.00666',
  },
  kuhn1955: {
    cite: 'Kuhn, 1955',
    authors: 'H. W. Kuhn',
    title: 'The Hungarian Method for the Assignment Problem',
    venue: 'Naval Research Logistics Quarterly',
    year: 1955,
    doi: '10.1002/nav.3800020109',
  },
  munkres1957: {
    cite: 'Munkres, 1957',
    authors: 'J. Munkres',
    title: 'Algorithms for the Assignment and Transportation Problems',
    venue: 'Journal of the Society for Industrial and Applied Mathematics',
    year: 1957,
    doi: '10.1137/0105003',
  },
  rezatofighi2019: {
    cite: 'Rezatofighi et al., 2019',
    authors: 'H. Rezatofighi, N. Tsoi, J. Gwak, et al.',
    title: 'Generalized Intersection over Union: A Metric and a Loss for Bounding Box Regression',
    venue: 'CVPR',
    year: 2019,
    arxiv: '1902.09630',
  },
  zong2023: {
    cite: 'Zong et al., 2023',
    authors: 'Z. Zong, G. Song, Y. Liu',
    title: 'DETRs with Collaborative Hybrid Assignments Training',
    venue: 'ICCV',
    year: 2023,
    arxiv: '2211.12860',
  },
} as const satisfies Record<string, Reference>;
