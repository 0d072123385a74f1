/* What a reader can choose: a file without imports, for the lesson's declaration travels with other pages. */

/** What is changed of the comparison, its texts or its pictures. */
export const BREAKS = ['scale', 'end', 'patches', 'lengths', 'order'] as const;
export type Break = (typeof BREAKS)[number];

/** How a label becomes text: as it stands, in one sentence, or in several whose embeddings are averaged. */
export const PROMPTS = ['bare', 'one', 'all'] as const;
export type Prompt = (typeof PROMPTS)[number];

/** What the cells of the matrix show: cosines, logits, shares within each row or each column, or the gradient. */
export const SHOWS = ['cosine', 'logits', 'rows', 'columns', 'pull'] as const;
export type Show = (typeof SHOWS)[number];

/** The learned scale is stored as its logarithm; training keeps it at 100 or below (Radford et al. 2021, section 2.5). */
export const SCALES = { min: 1, max: 100 } as const;
