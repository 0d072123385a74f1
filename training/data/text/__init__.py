"""Words for a text model: pieces, the learned merges, the tokenizer and the sentences that names are put into."""
