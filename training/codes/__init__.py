"""Pictures from generators of codes: what is drawn from logits, in which order, and what codes leave out."""
