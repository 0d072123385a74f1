/** A work the prose cites. */
export interface Reference {
  /** As printed in the prose: “Dosovitskiy et al., 2021”. */
  readonly cite: string;
  readonly title: string;
  readonly authors: string;
  readonly year: number;
  readonly venue?: string;
  readonly arxiv?: string;
  readonly doi?: string;
}

/** Where a cited work can be read: arXiv if it is there, else its DOI. */
export function referenceHref(ref: Reference): string | undefined {
  if (ref.arxiv) return `https://arxiv.org/abs/${ref.arxiv}`;
  return ref.doi ? `https://doi.org/${ref.doi}` : undefined;
}

/** The short name of where it can be read: “arXiv:2010.11929”. */
export function referenceId(ref: Reference): string | undefined {
  return ref.arxiv ? `arXiv:${ref.arxiv}` : ref.doi ? `doi:${ref.doi}` : undefined;
}
