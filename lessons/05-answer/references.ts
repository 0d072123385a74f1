import type { Reference } from '#lib/notebook/types.ts';

const references: Record<string, Reference> = {
  vilas2023: {
    cite: 'Vilas et al., 2023',
    authors: 'M. G. Vilas, T. Schaumlöffel, G. Roig',
    title: 'Analyzing Vision Transformers for Image Classification in Class Embedding Space',
    venue: 'NeurIPS',
    year: 2023,
    arxiv: '2310.18969',
  },
  belrose2023: {
    cite: 'Belrose et al., 2023',
    authors: 'N. Belrose, Z. Furman, L. Smith, et al.',
    title: 'Eliciting Latent Predictions from Transformers with the Tuned Lens',
    year: 2023,
    arxiv: '2303.08112',
  },
  gandelsman2024: {
    cite: 'Gandelsman et al., 2024',
    authors: 'Y. Gandelsman, A. A. Efros, J. Steinhardt',
    title: 'Interpreting CLIP’s Image Representation via Text-Based Decomposition',
    venue: 'ICLR',
    year: 2024,
    arxiv: '2310.05916',
  },
  raghu2021: {
    cite: 'Raghu et al., 2021',
    authors: 'M. Raghu, T. Unterthiner, S. Kornblith, C. Zhang, A. Dosovitskiy',
    title: 'Do Vision Transformers See Like Convolutional Neural Networks?',
    venue: 'NeurIPS',
    year: 2021,
    arxiv: '2108.08810',
  },
  luo2016: {
    cite: 'Luo et al., 2016',
    authors: 'W. Luo, Y. Li, R. Urtasun, R. Zemel',
    title: 'Understanding the Effective Receptive Field in Deep Convolutional Neural Networks',
    venue: 'NeurIPS',
    year: 2016,
    arxiv: '1701.04128',
  },
  touvron2021: {
    cite: 'Touvron et al., 2021',
    authors: 'H. Touvron, M. Cord, M. Douze, et al.',
    title: 'Training Data-Efficient Image Transformers & Distillation through Attention',
    venue: 'ICML',
    year: 2021,
    arxiv: '2012.12877',
  },
  touvron2022: {
    cite: 'Touvron et al., 2022',
    authors: 'H. Touvron, M. Cord, H. Jégou',
    title: 'DeiT III: Revenge of the ViT',
    venue: 'ECCV',
    year: 2022,
    arxiv: '2204.07118',
  },
  lee2021: {
    cite: 'Lee et al., 2021',
    authors: 'S. H. Lee, S. Lee, B. C. Song',
    title: 'Vision Transformer for Small-Size Datasets',
    year: 2021,
    arxiv: '2112.13492',
  },
};

export default references;
