import type { Reference } from '#lib/notebook/types.ts';

const references: Record<string, Reference> = {
  abnar2020: {
    cite: 'Abnar & Zuidema, 2020',
    authors: 'S. Abnar, W. Zuidema',
    title: 'Quantifying Attention Flow in Transformers',
    venue: 'ACL',
    year: 2020,
    arxiv: '2005.00928',
  },
  kobayashi2020: {
    cite: 'Kobayashi et al., 2020',
    authors: 'G. Kobayashi, T. Kuribayashi, S. Yokoi, K. Inui',
    title: 'Attention is Not Only a Weight: Analyzing Transformers with Vector Norms',
    venue: 'EMNLP',
    year: 2020,
    arxiv: '2004.10102',
  },
  jain2019: {
    cite: 'Jain & Wallace, 2019',
    authors: 'S. Jain, B. C. Wallace',
    title: 'Attention is not Explanation',
    venue: 'NAACL',
    year: 2019,
    arxiv: '1902.10186',
  },
  michel2019: {
    cite: 'Michel et al., 2019',
    authors: 'P. Michel, O. Levy, G. Neubig',
    title: 'Are Sixteen Heads Really Better than One?',
    venue: 'NeurIPS',
    year: 2019,
    arxiv: '1905.10650',
  },
  zeiler2014: {
    cite: 'Zeiler & Fergus, 2014',
    authors: 'M. D. Zeiler, R. Fergus',
    title: 'Visualizing and Understanding Convolutional Networks',
    venue: 'ECCV',
    year: 2014,
    arxiv: '1311.2901',
  },
};

export default references;
